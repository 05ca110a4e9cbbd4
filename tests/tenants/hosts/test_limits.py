"""A shop's requests: counted, refused beyond its limit, let through while Redis is down; nobody else's."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from redis.exceptions import ConnectionError as RedisDown

from accounts.models import User
from accounts.services.tokens import issue_tokens
from kit.db import redis
from kit.errors import InvalidInputError
from kit.web import limits
from kit.web.too_many import in_words
from tenants.hosts import request_counts as shop_limits
from tenants.hosts.request_counts import busiest_shops, count_request, traffic_of
from tenants.models import Shop
from tenants.shops.profile import set_rate_limit
from tests.world.market import open_shop
from tests.world.own_shop import api, member, page_client
from tests.world.races import all_at_once

HOST = "indigo-fabrics.kasuwa.localhost"


def bearer(shop: Shop, user: User, **more: Any) -> Client:
    """Return a program with a token of a person, on the shop's host."""
    access = issue_tokens(user=user).access
    return Client(HTTP_HOST=f"{shop.slug}.kasuwa.localhost", HTTP_AUTHORIZATION=f"Bearer {access}", **more)


@pytest.mark.django_db
def test_beyond_its_limit_a_shop_waits_and_others_do_not(settings: Any) -> None:
    settings.SHOP_REQUESTS_PER_MINUTE = 4
    shop, other = open_shop("indigo-fabrics"), open_shop("copper-kitchen")
    user = member(shop)
    page, program = page_client(shop, user), api(shop, user)
    for left, answer in ((3, page.get("/dashboard/")), (2, program.get("/api/v1/shop/")), (1, page.get("/nowhere"))):
        assert answer.headers["X-RateLimit-Limit"] == "4"
        assert answer.headers["X-RateLimit-Remaining"] == str(left)
        assert "Retry-After" not in answer.headers
    page.get("/dashboard/")
    refused = page.get("/dashboard/")
    assert refused.status_code == 429
    assert "text/html" in refused.headers["Content-Type"]
    assert "One moment, please" in refused.content.decode()
    assert int(refused.headers["Retry-After"]) >= 1
    refusal = program.get("/api/v1/shop/")
    assert (refusal.status_code, refusal.json()["code"]) == (429, "shop_throttled")
    assert set(refusal.json()) == {"status", "code", "message", "errors", "request_id"}
    assert page.get("/health/live").status_code == 200
    assert page_client(other, member(other)).get("/dashboard/").status_code == 200
    assert traffic_of(shop_id=shop.pk) == shop_limits.Traffic(shop.pk, asked=6, refused=2)
    assert [traffic.shop_id for traffic in busiest_shops()] == [shop.pk, other.pk]


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/api/v1/nothing/", "/api/v1/shop/", "/dashboard/", "/nowhere"])
def test_strangers_use_up_their_own_limit_and_not_the_shops(path: str, settings: Any) -> None:
    settings.SHOP_REQUESTS_PER_MINUTE = settings.SHOP_NON_MEMBER_REQUESTS_PER_MINUTE = 10
    shop = open_shop("indigo-fabrics")
    stranger, elsewhere = Client(HTTP_HOST=HOST, REMOTE_ADDR="203.0.113.5"), Client(HTTP_HOST=HOST)
    asked = [stranger.get(path).status_code for _ in range(15)]

    assert (asked[:10].count(429), asked[10:]) == (0, [429] * 5)
    assert elsewhere.get(path).status_code != 429
    user = member(shop)
    for client in (page_client(shop, user, REMOTE_ADDR="203.0.113.5"), bearer(shop, user, REMOTE_ADDR="203.0.113.5")):
        assert client.get("/dashboard/").status_code != 429
        assert client.get("/api/v1/shop/").status_code == 200
    assert traffic_of(shop_id=shop.pk) == shop_limits.Traffic(shop.pk, asked=4, refused=0)


@pytest.mark.django_db
def test_who_has_an_account_and_works_elsewhere_is_a_stranger(settings: Any) -> None:
    settings.SHOP_REQUESTS_PER_MINUTE = settings.SHOP_NON_MEMBER_REQUESTS_PER_MINUTE = 5
    shop, other = open_shop("indigo-fabrics"), open_shop("copper-kitchen")
    rival = member(other)
    asked = [bearer(shop, rival).get("/api/v1/shop/") for _ in range(7)]

    assert [answer.status_code for answer in asked] == [403] * 5 + [429] * 2
    assert asked[-1].json()["code"] == "throttled"
    assert f"Try again in {in_words(int(asked[-1]['Retry-After']))}" in asked[-1].json()["message"]
    assert bearer(shop, member(shop)).get("/api/v1/shop/").status_code == 200
    assert bearer(other, rival).get("/api/v1/shop/").status_code == 200


@pytest.mark.django_db
def test_a_network_of_strangers_is_held_together(settings: Any) -> None:
    settings.SHOP_NON_MEMBER_REQUESTS_PER_MINUTE = 2
    open_shop("indigo-fabrics")
    asked = [
        Client(HTTP_HOST=HOST, REMOTE_ADDR=f"203.0.113.{number}").get("/nowhere").status_code for number in range(12)
    ]
    assert asked == [404] * 10 + [429] * 2
    assert Client(HTTP_HOST=HOST, REMOTE_ADDR="198.51.100.7").get("/nowhere").status_code == 404


@pytest.mark.django_db
def test_a_member_who_was_let_in_lately_is_counted_in_one_round_trip(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop = open_shop("indigo-fabrics")
    client = bearer(shop, member(shop))
    client.get("/api/v1/shop/")
    counted: list[int] = []
    count = shop_limits._count
    monkeypatch.setattr(shop_limits, "_count", lambda *facts, **more: counted.append(1) or count(*facts, **more))
    assert client.get("/api/v1/shop/").status_code == 200
    assert len(counted) == 1


@pytest.mark.django_db
def test_a_forged_or_expired_token_counts_nowhere_but_by_address(settings: Any) -> None:
    settings.SHOP_NON_MEMBER_REQUESTS_PER_MINUTE = 3
    open_shop("indigo-fabrics")
    tokens = ["x", "a.b.c", "", "eyJhbGciOiJub25lIn0.eyJ1c2VyX2lkIjoxfQ."]
    asked = [Client(HTTP_HOST=HOST).get("/api/v1/shop/", HTTP_AUTHORIZATION=f"Bearer {t}") for t in tokens]
    assert [answer.status_code for answer in asked] == [401] * 3 + [429]


@pytest.mark.django_db
def test_a_shop_s_own_limit_holds_at_once(settings: Any) -> None:
    settings.SHOP_REQUESTS_PER_MINUTE = 1
    shop = open_shop("indigo-fabrics")
    client = page_client(shop, member(shop))
    client.get("/dashboard/")
    assert client.get("/dashboard/").status_code == 429
    set_rate_limit(shop_id=shop.pk, requests_per_minute=50)
    answer = client.get("/dashboard/")
    assert (answer.status_code, answer.headers["X-RateLimit-Limit"]) == (200, "50")
    set_rate_limit(shop_id=shop.pk, requests_per_minute=None)
    assert client.get("/dashboard/").status_code == 429


@pytest.mark.django_db
@pytest.mark.parametrize("limit", [0, 9, 1_000_001])
def test_limits_that_nobody_could_work_with_are_refused(limit: int) -> None:
    shop = open_shop("indigo-fabrics")
    with pytest.raises(InvalidInputError):
        set_rate_limit(shop_id=shop.pk, requests_per_minute=limit)
    shop.refresh_from_db()
    assert shop.rate_limit_per_minute is None


@pytest.mark.django_db
def test_the_database_refuses_a_limit_that_locks_a_shop_out() -> None:
    shop = open_shop("indigo-fabrics")
    with pytest.raises(IntegrityError, match="shop_rate_limit_lets_work"), transaction.atomic():
        Shop.objects.filter(pk=shop.pk).update(rate_limit_per_minute=9)


def ask(at: float, *, limit: int = 10) -> shop_limits.Verdict:
    verdict = count_request(shop_id=1, limit=limit, at=at)
    assert verdict is not None
    return verdict


def test_a_minute_slides() -> None:
    """What was asked in the minute before still counts, by how much of it lies within the last sixty seconds."""
    start = 6_000_000.0
    assert [ask(start + 30).remaining for _ in range(10)] == list(range(9, -1, -1))
    assert not ask(start + 59).is_allowed
    assert ask(start + 60 + 30).remaining == 10 - 5 - 1
    assert [ask(start + 60 + 45).is_allowed for _ in range(8)] == [True] * 6 + [False] * 2
    assert ask(start + 4 * 60).remaining == 9


@pytest.mark.parametrize("asked_at", [(5.0,) * 10, (5.0, 20.0, 59.0) * 4])
def test_what_it_says_to_wait_is_enough_and_not_much_more(asked_at: tuple[float, ...]) -> None:
    start = 6_000_000.0
    verdicts = [ask(start + at) for at in sorted(asked_at)]
    refused = verdicts[-1] if not verdicts[-1].is_allowed else ask(start + 59)
    assert 1 <= refused.retry_after <= 120
    assert not ask(start + 59 + refused.retry_after - 2).is_allowed
    assert ask(start + 59 + refused.retry_after).is_allowed


def test_requests_at_once_are_each_counted() -> None:
    def ask(_number: int) -> bool:
        verdict = count_request(shop_id=1, limit=20)
        return verdict is not None and verdict.is_allowed

    assert all_at_once(ask, 30) == {True: 20, False: 10}


@pytest.mark.django_db
def test_while_redis_is_down_everybody_is_let_through_with_one_line_in_the_log(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def down(*_: Any, **__: Any) -> None:
        raise RedisDown("gone")

    monkeypatch.setattr(redis, "script", lambda _: down)
    monkeypatch.setattr(limits._Outage, "is_known", False)
    for _ in range(3):
        assert count_request(shop_id=1, limit=1) is None
    shop = open_shop("indigo-fabrics")
    assert page_client(shop, member(shop)).get("/dashboard/").status_code == 200
    assert caplog.text.count("requests are not counted") == 1
