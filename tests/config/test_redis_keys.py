"""Every key that the market writes to Redis has an end, or stands here with what bounds it; an order costs little."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
import redis
from django.test import Client
from pytest_django import DjangoCaptureOnCommitCallbacks
from rest_framework.test import APIClient

from accounts.services.tokens import issue_tokens
from kit.db.redis import prefixed
from runtime.heartbeat import KEYS, beat_once
from tests.world.factories.people import PASSWORD, person
from tests.world.market import Stocked, open_shop, stock
from tests.world.own_shop import member, page_client

pytestmark = pytest.mark.django_db
OnCommit = DjangoCaptureOnCommitCallbacks
# Without an end: the pattern of the key, without the prefix, and what bounds their number.
WITHOUT_END: Mapping[str, str] = {
    r"\d+:discovery:version(:categories|:vocabulary|:shops|:shop:\d+)?": "versions of answers: one a kind, one a shop",
    r"_kombu\.binding\..*": "the broker's, one for each queue",
    r"(money|default|mail|bulk)": "the broker's queues: what waits, and no more",
}
ADDRESS = {"name": "Ada Obi", "line1": "12 Bode Thomas St", "city": "Surulere", "state": "Lagos", "country": "NG"}
ADDRESS |= {"phone": "+2348012345678"}
ORDERS = 40
BYTES_AN_ORDER = 3_000


@pytest.fixture
def cloth(paystack: Any) -> Stocked:
    return stock(open_shop("cloth-hall"), on_hand=1000)


def name_of(key: bytes | str) -> str:
    return (key if isinstance(key, str) else key.decode()).removeprefix(prefixed(""))


def endless(client: redis.Redis) -> set[str]:
    """Return the keys that have no end and are not known for it."""
    found = {name_of(key) for key in client.scan_iter(count=1000) if client.ttl(key) == -1}
    return {name for name in found if not any(re.fullmatch(pattern, name) for pattern in WITHOUT_END)}


def order(item: Stocked, number: int) -> None:
    api = APIClient(HTTP_HOST="kasuwa.localhost", REMOTE_ADDR=f"10.0.{number}.1")
    line = {"variant_id": str(item.variant_id), "quantity": 1}
    token = api.post("/api/v1/cart/items/", line).headers["X-Cart-Token"]
    body = {"email": f"buyer{number}@example.com", "shipping_address": ADDRESS}
    placed = api.post("/api/v1/checkout/", body, headers={"Idempotency-Key": f"k{number}", "X-Cart-Token": token})
    assert placed.status_code == 201, placed.content


def sign_in_and_out(client: Client) -> None:
    person(email="amina@example.com")
    client.post("/account/sign-in/", {"login": "amina@example.com", "password": "wrong"})
    assert client.post("/account/sign-in/", {"login": "amina@example.com", "password": PASSWORD}).status_code == 302
    assert client.get("/account/profile/").status_code == 200
    client.post("/account/password/reset/", {"email": "amina@example.com"})
    client.post("/account/sign-up/", {"name": "Ngozi", "email": "ngozi@example.com", "password1": PASSWORD})
    client.post("/account/sign-out/")


def visit_everything(client: Client, item: Stocked) -> None:
    for path in ("/", "/search/?q=tote", "/search/?q=toat", f"/products/{item.product_id}/", "/shops/cloth-hall/"):
        assert client.get(path).status_code == 200, path
    for path in ("/api/v1/listings/", "/api/v1/listings/?shop=cloth-hall", "/api/v1/cart/", "/cart/"):
        assert client.get(path).status_code == 200, path
    client.get("/health/host?domain=cloth-hall.kasuwa.localhost")
    sign_in_and_out(client)
    owner = member(item.shop)
    desk = page_client(item.shop, owner)
    for path in ("/dashboard/", "/dashboard/products/", "/dashboard/settings/profile/"):
        assert desk.get(path).status_code == 200, path
    bearer: dict[str, Any] = {"HTTP_AUTHORIZATION": f"Bearer {issue_tokens(user=owner).access}"}
    assert APIClient(HTTP_HOST="cloth-hall.kasuwa.localhost").get("/api/v1/products/", **bearer).status_code == 200
    for key in KEYS.values():
        beat_once(key)


def test_every_key_has_an_end_or_a_bound(
    redis_client: redis.Redis, cloth: Stocked, client: Client, django_capture_on_commit_callbacks: OnCommit
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        visit_everything(client, cloth)
        order(cloth, 1)
    assert redis_client.dbsize() > 20
    assert endless(redis_client) == set()


def test_a_key_without_an_end_is_found(redis_client: redis.Redis) -> None:
    """The control."""
    redis_client.set(prefixed("left-behind"), 1)
    assert endless(redis_client) == {"left-behind"}


def kinds(client: redis.Redis) -> Iterator[tuple[str, int]]:
    """Yield the kind of each key, and its bytes."""
    for key in client.scan_iter(count=1000):
        kind = re.sub(r"[0-9a-f]{8,}|[0-9a-f-]{36}|\d+", "…", name_of(key))
        yield re.sub(r"(cart|basket):.*", r"\1:…", kind), int(client.memory_usage(key) or 0)


def test_what_an_order_leaves_in_redis_is_small_and_ends(
    redis_client: redis.Redis,
    cloth: Stocked,
    settings: Any,
    record_property: Any,
    django_capture_on_commit_callbacks: OnCommit,
) -> None:
    settings.UNPAID_LIMITS = dict.fromkeys(settings.UNPAID_LIMITS, (10000, 100000))
    with django_capture_on_commit_callbacks(execute=True):
        order(cloth, 0)
    before, had = Counter[str](), redis_client.dbsize()
    for kind, size in kinds(redis_client):
        before[kind] += size
    for number in range(1, ORDERS + 1):
        with django_capture_on_commit_callbacks(execute=True):
            order(cloth, number)
    after, count = Counter[str](), Counter[str]()
    for kind, size in kinds(redis_client):
        after[kind] += size
        count[kind] += 1
    grown = {kind: (after[kind] - before[kind]) / ORDERS for kind in after if after[kind] > before[kind]}
    for kind, each in sorted(grown.items(), key=lambda pair: -pair[1]):
        record_property(kind, f"{each:.0f} bytes an order, {count[kind]} keys")
        print(f"{kind}: {each:.0f} bytes an order, {count[kind]} keys")  # noqa: T201 - the figures of docs/performance.md
    assert redis_client.dbsize() > had
    assert sum(grown.values()) < BYTES_AN_ORDER
    assert endless(redis_client) == set()
