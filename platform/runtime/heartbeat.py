"""The workers' pulse, in Redis: how the rest of the system sees that jobs are being done.

Each worker writes it from a thread of its own, so that a long queue does not look like a dead
worker. The scheduler's is written by a periodic task: it says that beat, broker and worker
together get something done.
"""

from __future__ import annotations

import contextlib
import threading
import time
from typing import Any

import redis
from celery.signals import worker_ready, worker_shutdown
from django.conf import settings

WORKER = "kasuwa:heartbeat:worker"
SCHEDULER = "kasuwa:heartbeat:scheduler"
INTERVAL_SECONDS = 5.0
KEPT_SECONDS = 3600

_stopping = threading.Event()


def connect() -> redis.Redis:
    """A client that gives up soon; for one short exchange."""
    return redis.Redis.from_url(settings.REDIS_URL, socket_timeout=2, socket_connect_timeout=2)


def beat_once(key: str) -> None:
    """Write that something is alive now."""
    with connect() as client:
        client.set(key, f"{time.time():.3f}", ex=KEPT_SECONDS)


def forget() -> None:
    """Remove all pulses: what comes next is a new run."""
    with connect() as client:
        client.delete(WORKER, SCHEDULER)


def ages(client: redis.Redis, *, now: float) -> tuple[float | None, float | None]:
    """Seconds since the last pulse of a worker and of the scheduler; None if there was none."""
    values: Any = client.mget([WORKER, SCHEDULER])
    worker, scheduler = (None if value is None else max(now - float(value), 0.0) for value in values)
    return worker, scheduler


@worker_ready.connect
def _start(**_: Any) -> None:
    _stopping.clear()
    threading.Thread(target=_keep_beating, name="heartbeat", daemon=True).start()


@worker_shutdown.connect
def _stop(**_: Any) -> None:
    _stopping.set()


def _keep_beating() -> None:
    while True:
        with contextlib.suppress(redis.RedisError):  # an old pulse is how the others notice
            beat_once(WORKER)
        if _stopping.wait(INTERVAL_SECONDS):
            return
