"""Calls on the platform's host tell their caller's limit, as those on shops' hosts do, in no round trip more."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from rest_framework.test import APIClient
from rest_framework.views import APIView

from kit.api.throttling import RateThrottle
from kit.db import redis
from tests.config.test_strict_api import HOSTS, operations
from tests.world.market import open_shop

pytestmark = pytest.mark.django_db
TOLD = ("X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset")
PLATFORM = HOSTS["config.urls_platform"]


@pytest.fixture(autouse=True)
def _counted(db: None, one_minute: None, monkeypatch: pytest.MonkeyPatch) -> None:
    open_shop("cloth-hall")
    monkeypatch.setattr(APIView, "throttle_classes", [RateThrottle])
    rates = dict.fromkeys(RateThrottle.THROTTLE_RATES, "5/min") | {"anon": "900/min", "sign-in": "800/min"}
    monkeypatch.setattr(RateThrottle, "THROTTLE_RATES", rates)


def test_every_public_read_of_the_platform_tells_the_limit() -> None:
    tried = 0
    for host, path, _, operation in operations("get"):
        answer = APIClient(HTTP_HOST=host).get(path)
        is_open = host == PLATFORM and {} in operation.get("security", [{}])
        if host != PLATFORM or (is_open and answer.status_code in {200, 404}):
            limit, remaining, reset = (int(answer.headers[name]) for name in TOLD)
            assert 0 <= remaining < limit, path
            assert 0 < reset <= 60
            tried += 1
    assert tried > 20


def test_what_is_left_goes_down_also_in_answers_that_were_kept() -> None:
    client = APIClient(HTTP_HOST=PLATFORM)
    found = [client.get("/api/v1/listings/") for _ in range(4)]
    left = [int(answer.headers["X-RateLimit-Remaining"]) for answer in found]
    assert [before - after for before, after in pairwise(left)] == [1, 1, 1]


def test_a_view_with_a_limit_of_its_own_tells_that(monkeypatch: pytest.MonkeyPatch) -> None:
    client = APIClient(HTTP_HOST=PLATFORM)
    for number in range(7):
        answer = client.post("/api/v1/checkout/", {})
        assert answer.headers["X-RateLimit-Limit"] == "5"
        assert answer.status_code == (400 if number < 5 else 429)
    assert answer.headers["X-RateLimit-Remaining"] == "0"
    assert int(answer.headers["Retry-After"]) >= 1


def test_a_call_is_counted_in_one_round_trip(monkeypatch: pytest.MonkeyPatch) -> None:
    client = APIClient(HTTP_HOST=PLATFORM)
    client.get("/api/v1/categories/")
    asked: list[Any] = []
    script = redis.script
    monkeypatch.setattr("kit.db.redis.script", lambda text: asked.append(text) or script(text))
    client.post("/api/v1/checkout/", {})
    counted = [text for text in asked if "ZINCRBY" in text]
    assert len(counted) == 1
