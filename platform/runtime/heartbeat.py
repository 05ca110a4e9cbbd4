"""The workers' heartbeat, in Redis: it shows the rest of the system that jobs are being done.

Each worker writes it from a thread of its own, so that a long queue does not look like a dead worker. The scheduler's
is written by a periodic task: it shows that beat, broker and worker work together.
"""

from __future__ import annotations

import contextlib
import threading
import time
from typing import Any

import redis
from django.conf import settings

from kit.db.redis import client

WORKER = "kasuwa:heartbeat:worker"
BULK_WORKER = "kasuwa:heartbeat:bulk"
SCHEDULER = "kasuwa:heartbeat:scheduler"
KEYS = {"worker": WORKER, "bulk_worker": BULK_WORKER, "scheduler": SCHEDULER}
BULK_NAME = "bulk@"
INTERVAL_SECONDS = 5.0
KEPT_SECONDS = 3600

_stopping = threading.Event()


def connect() -> redis.Redis:
    """A client that gives up soon, for a short exchange of a process that is to keep none.

    Elsewhere use `kit.db.redis.client`: a client is garbage in cycles, 30 KB with its buffers, and where there is a
    client each few seconds it is megabytes by the time that the collector looks.
    """
    return redis.Redis.from_url(settings.REDIS_URL, socket_timeout=2, socket_connect_timeout=2)


def beat_once(key: str) -> None:
    """Write that something is alive now."""
    client().set(key, f"{time.time():.3f}", ex=KEPT_SECONDS)


def forget() -> None:
    """Remove all pulses: what comes next is a new run."""
    with connect() as here:
        here.delete(*KEYS.values())


def ages(here: redis.Redis, *, now: float) -> dict[str, float | None]:
    """Seconds since the last pulse of each of `KEYS`; None if there was none."""
    values: Any = here.mget(list(KEYS.values()))
    return {
        name: None if value is None else max(now - float(value), 0.0) for name, value in zip(KEYS, values, strict=True)
    }


def start(*, worker: str) -> None:
    """Begin a worker's heartbeat; one whose name begins with `bulk@` has a separate one."""
    _stopping.clear()
    key = BULK_WORKER if worker.startswith(BULK_NAME) else WORKER
    threading.Thread(target=_keep_beating, args=[key], name="heartbeat", daemon=True).start()


def stop() -> None:
    """End the heartbeat."""
    _stopping.set()


def _keep_beating(key: str) -> None:
    while True:
        with contextlib.suppress(redis.RedisError):  # an old pulse is how the others notice
            beat_once(key)
        if _stopping.wait(INTERVAL_SECONDS):
            return
