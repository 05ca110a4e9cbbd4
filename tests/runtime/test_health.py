"""Answers of /health/live and /health/ready."""

from __future__ import annotations

import gc
from collections.abc import Callable
from typing import Any

import pytest
import redis
from celery.signals import worker_ready, worker_shutdown
from django.db import DatabaseError
from django.test import Client

from config.celery import share
from runtime import health, heartbeat
from runtime.tasks import scheduler_heartbeat


@pytest.fixture(autouse=True)
def _nothing_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "_memory", health._Memory())


def test_live_needs_nothing(client: Client) -> None:
    answer = client.get("/health/live")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


def test_ready_with_everything(client: Client, db: None) -> None:
    heartbeat.beat_once(heartbeat.WORKER)
    heartbeat.beat_once(heartbeat.BULK_WORKER)
    scheduler_heartbeat()
    answer = client.get("/health/ready")
    assert answer.status_code == 200
    assert all(check["ok"] for check in answer.json()["checks"].values())


def test_no_worker_is_not_ready(client: Client, db: None) -> None:
    answer = client.get("/health/ready")
    assert answer.status_code == 503
    checks = answer.json()["checks"]
    assert checks["worker"] == {"ok": False, "seconds_ago": None}
    assert checks["database"]["ok"]
    assert checks["migrations"] == {"ok": True, "pending": 0}


def test_a_worker_that_fell_silent_is_not_ready(client: Client, db: None, redis_client: redis.Redis) -> None:
    redis_client.set(heartbeat.WORKER, "1000.0")
    checks = client.get("/health/ready").json()["checks"]
    assert not checks["worker"]["ok"]
    assert checks["worker"]["seconds_ago"] > 1000


def test_a_scheduler_that_fell_silent_is_shown_and_tolerated(client: Client, db: None) -> None:
    heartbeat.beat_once(heartbeat.WORKER)
    answer = client.get("/health/ready")
    assert answer.status_code == 200
    assert not answer.json()["checks"]["scheduler"]["ok"]


def test_pending_migrations_are_not_ready_and_looked_for_seldom(
    client: Client, db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []

    def pending() -> list[tuple[str, str]]:
        asked.append(1)
        return [("checkout", "9999_new")]

    monkeypatch.setattr(health, "pending_public", pending)
    heartbeat.beat_once(heartbeat.WORKER)
    for _ in range(3):
        answer = client.get("/health/ready")
        assert answer.status_code == 503
        assert answer.json()["checks"]["migrations"] == {"ok": False, "pending": 1}
    assert len(asked) == 1


def test_a_lost_redis_is_said_not_raised(client: Client, db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "client", lambda: redis.Redis.from_url("unix:///nowhere.sock"))
    checks = client.get("/health/ready").json()["checks"]
    assert not checks["redis"]["ok"]
    assert not checks["worker"]["ok"]
    assert checks["database"]["ok"]


def test_a_lost_database_is_said_not_raised(client: Client, db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> None:
        raise DatabaseError("the server closed the connection")

    monkeypatch.setattr(health, "_select_one", refuse)
    monkeypatch.setattr(health, "_count_pending", refuse)
    answer = client.get("/health/ready")
    assert answer.status_code == 503
    checks = answer.json()["checks"]
    assert checks["database"] == {"ok": False, "problem": "DatabaseError"}
    assert checks["migrations"] == {"ok": False, "problem": "DatabaseError"}


def test_workers_write_their_pulse_while_they_run(
    redis_client: redis.Redis, eventually: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(heartbeat, "INTERVAL_SECONDS", 0.01)
    worker_ready.send(sender=None)
    first = float(eventually(lambda: redis_client.get(heartbeat.WORKER)))
    eventually(lambda: float(redis_client.get(heartbeat.WORKER) or 0) > first)
    worker_shutdown.send(sender=None)
    eventually(lambda: not any(thread.name == "heartbeat" for thread in threads()))


def test_beats_and_health_keep_their_connection(redis_client: redis.Redis, client: Client, db: None) -> None:
    """A client each time would be garbage in cycles, which long-lived processes look for once in hours."""

    def live() -> None:
        heartbeat.beat_once(heartbeat.WORKER)
        assert client.get("/health/ready").status_code == 200

    live()
    before = redis_client.info("stats")["total_connections_received"]
    for _ in range(5):
        live()
    assert redis_client.info("stats")["total_connections_received"] - before < 5


def test_a_pool_is_forked_with_everything_frozen() -> None:
    try:
        share()
        assert gc.get_freeze_count() > 0
    finally:
        gc.unfreeze()


class BulkConsumer:
    hostname = "bulk@here"


def test_the_bulk_worker_does_not_speak_for_the_other(
    redis_client: redis.Redis, eventually: Callable[..., Any], client: Client, db: None
) -> None:
    worker_ready.send(sender=BulkConsumer())
    eventually(lambda: redis_client.get(heartbeat.BULK_WORKER))
    answer = client.get("/health/ready")
    worker_shutdown.send(sender=None)
    assert answer.status_code == 503
    assert (answer.json()["checks"]["bulk_worker"]["ok"], answer.json()["checks"]["worker"]["ok"]) == (True, False)
    eventually(lambda: not any(thread.name == "heartbeat" for thread in threads()))


def threads() -> list[Any]:
    import threading

    return threading.enumerate()


def test_a_new_run_forgets_old_pulses(redis_client: redis.Redis) -> None:
    heartbeat.beat_once(heartbeat.WORKER)
    heartbeat.beat_once(heartbeat.SCHEDULER)
    heartbeat.forget()
    assert set(heartbeat.ages(redis_client, now=0.0).values()) == {None}
