"""The decorator of tasks; importing it loads the market's Celery application, which most commands do without."""

from importlib import import_module

from celery import shared_task
from django.conf import settings

import_module(settings.JOBS_APPLICATION)  # before the first task, which would else belong to an application of Celery's

__all__ = ["shared_task"]
