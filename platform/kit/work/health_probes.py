"""Health of the database, of Redis, of the queues and of the outbox."""

from datetime import datetime, timedelta
from time import perf_counter
from typing import Any, cast

import redis
from django.conf import settings
from django.db import connection
from django.db.models import Count, Min
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext, gettext_lazy

from kit.db.redis import TIMEOUTS
from kit.models import OutboxMessage
from kit.work.health import Finding, HealthProbe

LONGEST_QUEUE = 1000
OLDEST_EVENT = timedelta(minutes=5)
SLOW_MS = 500
FULLEST_PERCENT = 90


def find_database(_: datetime) -> Finding:
    """Ask for a row, and for the connections of this process."""
    started = perf_counter()
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    milliseconds = round((perf_counter() - started) * 1000)
    stats: dict[str, int] = getattr(cast("Any", connection).pool, "get_stats", dict)()
    waiting = stats.get("requests_waiting", 0)
    words = {
        "milliseconds": milliseconds,
        "used": stats.get("pool_size", 1) - stats.get("pool_available", 0),
        "most": stats.get("pool_max", 1),
        "waiting": waiting,
    }
    figures = gettext(
        "Answers in %(milliseconds)s ms. Connections of this process in use: %(used)s of %(most)s; "
        "requests that wait for one: %(waiting)s."
    )
    return Finding(milliseconds < SLOW_MS and not waiting, figures % words)


def find_redis(_: datetime) -> Finding:
    """Ask for the memory that is used."""
    with redis.Redis.from_url(settings.REDIS_URL, **TIMEOUTS) as here:
        memory: Any = here.info("memory")
    used, most = int(memory["used_memory"]), int(memory.get("maxmemory", 0))
    if not most:
        return Finding(True, gettext("Uses %(used)s; it has no limit.") % {"used": filesizeformat(used)})
    percent = 100 * used // most
    words = {"used": filesizeformat(used), "most": filesizeformat(most), "percent": percent}
    return Finding(percent < FULLEST_PERCENT, gettext("Uses %(used)s of %(most)s (%(percent)s %%).") % words)


def find_queues(_: datetime) -> Finding:
    """Count the jobs that wait, where the broker is Redis."""
    if not settings.CELERY_BROKER_URL.startswith(("redis", "unix")):
        return Finding(True, gettext("The broker is not Redis; look at its own pages."))
    address = settings.CELERY_BROKER_URL.replace("redis+socket://", "unix://").replace("?virtual_host=", "?db=")
    queues = (*settings.WORKER_QUEUES, settings.BULK_QUEUE)
    with redis.Redis.from_url(address, **TIMEOUTS) as here, here.pipeline(transaction=False) as asked:
        for queue in queues:
            asked.llen(queue)
        lengths = dict(zip(queues, asked.execute(), strict=True))
    figures = ", ".join(f"{queue} {length}" for queue, length in lengths.items())
    return Finding(max(lengths.values()) < LONGEST_QUEUE, figures)


def find_outbox(now: datetime) -> Finding:
    """Count the events that wait for their handlers, and tell the age of the oldest."""
    found = OutboxMessage.objects.aggregate(number=Count("pk"), oldest=Min("created_at"))
    if not found["number"]:
        return Finding(True, gettext("No event waits."))
    age = max(now - found["oldest"], timedelta())
    words = {"number": found["number"], "seconds": int(age.total_seconds())}
    return Finding(age < OLDEST_EVENT, gettext("Events that wait: %(number)s, the oldest for %(seconds)s s.") % words)


PROBES = (
    HealthProbe(
        "database",
        gettext_lazy("Database"),
        gettext_lazy(
            "Check that PostgreSQL runs and has memory and disk left. Where requests wait for a "
            "connection, raise DB_POOL_SIZE or end long statements."
        ),
        find_database,
    ),
    HealthProbe(
        "redis",
        gettext_lazy("Redis"),
        gettext_lazy(
            "Check that Redis runs. Without it there are no baskets and no jobs; orders and payments "
            "stay. Where its memory is nearly full, raise maxmemory."
        ),
        find_redis,
    ),
    HealthProbe(
        "queues",
        gettext_lazy("Queues of jobs"),
        gettext_lazy(
            "Start more workers for the queue that is long, and look at their log for a job that fails again and again."
        ),
        find_queues,
    ),
    HealthProbe(
        "outbox",
        gettext_lazy("Events that wait for their handlers"),
        gettext_lazy(
            "Check worker and scheduler first: they deliver events. Then look in the worker’s log for "
            "the handler that fails."
        ),
        find_outbox,
    ),
)
