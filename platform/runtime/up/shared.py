"""Objects shared by the processes of `up`: made once, before the fork.

A page of memory that was there before the fork is kept once for all of them, until one writes to it. Objects that each
process would import or build cost a few megabytes each; so those that two of them need belong here, unless they need a
thread, a connection or the database.
"""

from __future__ import annotations

import gc
import importlib
import os

from django.conf import settings

from runtime import processes

URLS = ("config.urls_platform", "config.urls_shop")
MODULES = (
    *("config.rsgi", *URLS, "config.context", "notifications.context", "kit.db.cache"),
    *("granian.server", "granian.rsgi"),
    *("celery.bin.celery", "celery.apps.beat", "celery.apps.worker", "celery.worker.autoscale"),
    *("celery.worker.components", "celery.worker.consumer", "celery.worker.pidbox", "celery.worker.strategy"),
    *("celery.concurrency.prefork", "celery.concurrency.thread", "billiard.popen_fork", "billiard.sharedctypes"),
    *("billiard.synchronize", "celery.worker.consumer.delayed_delivery", "celery.events.dispatcher"),
    *("kombu.asynchronous.semaphore", "kombu.transport.redis", "dbm.dumb"),
    *("httpcore", "h11", "psycopg_pool", "django_cotton.cotton_loader", "django.template.loader_tags"),
    *("django.contrib.auth.context_processors", "django.contrib.messages.context_processors"),
    *("django.contrib.messages.storage.fallback", "django.contrib.sessions.serializers"),
)


def load() -> None:
    """Import, connect up and freeze what the children share."""
    import django

    os.environ["CELERY_SKIP_CHECKS"] = "true"  # as the workers are told: checks are for `manage.py check`
    django.setup()
    for name in MODULES:
        importlib.import_module(name)
    _know_jobs()
    _know_how_to_die()
    _know_addresses()
    _know_provider()
    gc.collect()
    gc.freeze()


def _know_jobs() -> None:
    app = importlib.import_module(settings.JOBS_APPLICATION).app
    app.loader.import_default_modules()
    app.finalize()
    for part in ("amqp", "control", "events", "log"):
        getattr(app, part)


def _know_how_to_die() -> None:
    """A pool's processes ask to die with their parent, for which billiard has cffi load a whole parser of C."""
    if processes.ON_LINUX:
        importlib.import_module("billiard.util").get_pdeathsig()


def _know_addresses() -> None:
    from django.template import engines
    from django.urls import get_resolver

    for urls in URLS:
        get_resolver(urls)._populate()  # noqa: SLF001 - else the first request of each process does it
    engines.all()


def _know_provider() -> None:
    """Make the provider's client, not connected yet: reading the certificates that it trusts takes eleven megabytes."""
    from gateway.registry import load_providers

    load_providers()
