"""Hand work to Celery once the transaction is committed."""

import logging
from functools import partial
from typing import Any

from celery import Task
from django.db import transaction
from django.utils.module_loading import import_string
from kombu.exceptions import OperationalError

from kit.platform_role import as_platform

logger = logging.getLogger(__name__)


def enqueue(task: "Task[Any, Any] | str", **kwargs: Any) -> None:
    """Send a task after the current transaction commits.

    A broker that is down is logged, never raised: each kind of work has a sweeper that finds what was
    recorded but not done.

    Args:
        task: the task, or where it is (`app.tasks.name`) for services, which lie below their tasks.
    """
    transaction.on_commit(partial(_send, task, kwargs))


def _send(task: "Task[Any, Any] | str", kwargs: dict[str, Any]) -> None:
    if isinstance(task, str):
        task = import_string(task)
    try:
        with as_platform():  # a task that is run here and now is no part of the request
            task.apply_async(kwargs=kwargs)
    except (OperationalError, ConnectionError):
        logger.warning("The broker is down; %s is left to its sweeper.", task.name)
