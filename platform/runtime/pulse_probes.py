"""Health of workers and scheduler, by their heartbeat."""

import time
from datetime import datetime

import redis
from django.conf import settings
from django.utils.translation import gettext, gettext_lazy

from kit.db.redis import TIMEOUTS
from kit.work.health import Finding, HealthProbe
from runtime import heartbeat
from runtime.health import SCHEDULER_SILENT_SECONDS, WORKER_SILENT_SECONDS

LIMITS = {
    "worker": WORKER_SILENT_SECONDS,
    "bulk_worker": WORKER_SILENT_SECONDS,
    "scheduler": SCHEDULER_SILENT_SECONDS,
}


def find_pulse(name: str) -> Finding:
    """Return the age of a heartbeat."""
    with redis.Redis.from_url(settings.REDIS_URL, decode_responses=True, **TIMEOUTS) as here:
        age = heartbeat.ages(here, now=time.time())[name]
    if age is None:
        return Finding(False, gettext("There was no beat in the last hour."))
    return Finding(age <= LIMITS[name], gettext("The last beat was %(seconds)s s ago.") % {"seconds": round(age)})


def find_worker(_: datetime) -> Finding:
    """Look at the workers of money, mail and the rest."""
    return find_pulse("worker")


def find_bulk_worker(_: datetime) -> Finding:
    """Look at the workers of bulk jobs."""
    return find_pulse("bulk_worker")


def find_scheduler(_: datetime) -> Finding:
    """Look at the scheduler; its beat is a job, so a worker has to run too."""
    return find_pulse("scheduler")


PULSES = (
    HealthProbe(
        "worker",
        gettext_lazy("Worker"),
        gettext_lazy("Start a worker for the queues money, default and mail, and look at the end of its log."),
        find_worker,
    ),
    HealthProbe(
        "bulk_worker",
        gettext_lazy("Worker for bulk jobs"),
        gettext_lazy("Start a worker for the queue bulk. Imports, exports and domain checks wait until then."),
        find_bulk_worker,
    ),
    HealthProbe(
        "scheduler",
        gettext_lazy("Scheduler"),
        gettext_lazy(
            "Check the worker first, then start celery beat: one, not several. Unpaid orders keep their "
            "stock until then."
        ),
        find_scheduler,
    ),
)
