"""Liveness of this process, and readiness of the system."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import redis
from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from kit.db.redis import client
from runtime import heartbeat
from tenants.schemas.migrations import pending_public, shops_state

WORKER_SILENT_SECONDS = 30.0
SCHEDULER_SILENT_SECONDS = 120.0
MIGRATED_TRUSTED_SECONDS = 300.0
PENDING_TRUSTED_SECONDS = 5.0

Check = dict[str, Any]


@dataclass(slots=True)
class _Memory:
    """The last answer about migrations, which is costly to find and seldom changes."""

    pending: int = 0
    until: float = 0.0


_memory = _Memory()


@never_cache
@require_safe
def live(_request: HttpRequest) -> JsonResponse:
    """Answer that this process runs; the services that it needs are not checked."""
    return JsonResponse({"status": "ok"})


@never_cache
@require_safe
def ready(_request: HttpRequest) -> JsonResponse:
    """Database, Redis, worker and migrations are as they should be: 200, else 503."""
    checks = {"database": _database(), "redis": _redis(), **_pulses(), "migrations": _migrations()}
    needed = [check for check in checks.values() if not check.pop("optional", False)]
    healthy = all(check["ok"] for check in needed)
    status = HTTPStatus.OK if healthy else HTTPStatus.SERVICE_UNAVAILABLE
    return JsonResponse({"status": "ok" if healthy else "unavailable", "checks": checks}, status=status)


def _database() -> Check:
    return _timed(_select_one, DatabaseError)


def _select_one() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def _redis() -> Check:
    def ask() -> None:
        client().ping()

    return _timed(ask, redis.RedisError)


def _timed(ask: Callable[[], None], failure: type[Exception]) -> Check:
    started = time.perf_counter()
    try:
        ask()
    except failure as problem:
        return {"ok": False, "problem": type(problem).__name__}
    return {"ok": True, "ms": round((time.perf_counter() - started) * 1000, 1)}


def _pulses() -> dict[str, Check]:
    try:
        ages = heartbeat.ages(client(), now=time.time())
    except redis.RedisError:
        ages = dict.fromkeys(heartbeat.KEYS)
    return {
        "worker": _pulse(ages["worker"], limit=WORKER_SILENT_SECONDS),
        "bulk_worker": {**_pulse(ages["bulk_worker"], limit=WORKER_SILENT_SECONDS), "optional": True},
        "scheduler": {**_pulse(ages["scheduler"], limit=SCHEDULER_SILENT_SECONDS), "optional": True},
    }


def _pulse(age: float | None, *, limit: float) -> Check:
    return {"ok": age is not None and age <= limit, "seconds_ago": None if age is None else round(age, 1)}


def _migrations() -> Check:
    if time.monotonic() >= _memory.until:
        try:
            _memory.pending = _count_pending()
        except DatabaseError as problem:
            return {"ok": False, "problem": type(problem).__name__}
        trusted = PENDING_TRUSTED_SECONDS if _memory.pending else MIGRATED_TRUSTED_SECONDS
        _memory.until = time.monotonic() + trusted
    return {"ok": _memory.pending == 0, "pending": _memory.pending}


def _count_pending() -> int:
    """Migrations that `public` lacks, and shops that lag behind or have lost their schema."""
    shops = shops_state()
    return len(pending_public()) + len(shops.outdated) + len(shops.missing)
