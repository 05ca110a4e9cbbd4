"""The API's limits: how many, for whom, for how long, and what is counted together."""

from __future__ import annotations

import time
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from redis.exceptions import RedisError

from kit.api.throttling import RateThrottle
from kit.db import redis

Ask = Callable[..., bool]


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    now = SimpleNamespace(seconds=1_000_020.0)  # the start of a minute
    monkeypatch.setattr(time, "time", lambda: now.seconds)
    return now


@pytest.fixture
def ask(monkeypatch: pytest.MonkeyPatch, redis_client: Any) -> Ask:
    rates = {"anon": "4/min", "user": "6/min", "checkout": "2/min"}
    monkeypatch.setattr(RateThrottle, "THROTTLE_RATES", rates)

    def ask(address: str = "10.0.0.1", *, scope: str = "", user_id: int | None = None) -> bool:
        user = SimpleNamespace(is_authenticated=user_id is not None, pk=user_id)
        request = SimpleNamespace(META={"REMOTE_ADDR": address}, headers={}, user=user)
        throttle = RateThrottle()
        return throttle.allow_request(request, SimpleNamespace(throttle_scope=scope or None))

    return ask


def test_so_many_a_minute_and_no_more(ask: Ask, clock: SimpleNamespace) -> None:
    assert [ask() for _ in range(6)] == [True] * 4 + [False] * 2
    assert ask("10.0.0.2")
    clock.seconds += 120
    assert ask()


def test_a_boundary_does_not_double_the_limit(ask: Ask, clock: SimpleNamespace) -> None:
    clock.seconds += 59
    assert all(ask() for _ in range(4))
    clock.seconds += 2
    assert [ask() for _ in range(2)] == [True, False]
    clock.seconds += 30
    assert [ask() for _ in range(3)] == [True, True, False]


def test_a_views_own_limit_counts_beside_the_general_one(ask: Ask, clock: SimpleNamespace) -> None:
    assert [ask(scope="checkout") for _ in range(3)] == [True, True, False]
    assert [ask() for _ in range(3)] == [True, True, False]  # what was refused was not counted


def test_people_are_counted_by_who_they_are(ask: Ask, clock: SimpleNamespace) -> None:
    assert [ask(user_id=1) for _ in range(7)] == [True] * 6 + [False]
    assert ask(user_id=2)
    assert ask()


def test_the_wait_is_as_long_as_it_takes(ask: Ask, clock: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    request = SimpleNamespace(META={"REMOTE_ADDR": "10.0.0.9"}, headers={}, user=None)
    view = SimpleNamespace(throttle_scope=None)
    clock.seconds += 20
    throttle = RateThrottle()
    assert [throttle.allow_request(request, view) for _ in range(5)] == [True] * 4 + [False]
    wait = throttle.wait()
    assert wait is not None
    assert wait == pytest.approx(40, abs=0.01)
    clock.seconds += wait + 0.01
    assert throttle.allow_request(request, view)


def test_while_redis_is_down_nobody_is_refused(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise RedisError

    monkeypatch.setattr(redis, "script", lambda _: fail)
    assert all(ask() for _ in range(9))
