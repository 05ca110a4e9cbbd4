"""What people meet while a part of the market does not answer: each row of the table in docs/operations.md.

Redis is one that refuses connections, and one that takes them and never answers: a killed one, and one that hangs.
"""

from __future__ import annotations

import socket
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.core.cache import cache
from django.db import InterfaceError, OperationalError
from django.test import Client
from redis import exceptions
from rest_framework.test import APIClient

from catalogue.discovery.selectors import versions
from checkout.cart import store
from checkout.cart.store import CartId
from kit.db import redis
from kit.db.timeouts import as_busy
from tenants.models import Shop
from tests.world.factories.catalogue import add_product, make_categories, variant_ids
from tests.world.market import open_shop

pytestmark = pytest.mark.django_db

SOON_SECONDS = 1.0
TRIES = 5
CART, ITEMS, ORDER = "/api/v1/cart/", "/api/v1/cart/items/", "/api/v1/checkout/"


@pytest.fixture
def shop() -> Shop:
    return open_shop("indigo-fabrics")


@pytest.fixture
def product(shop: Shop) -> Any:
    return add_product(shop, "Adire wrapper", category_id=make_categories()["fashion"])


@pytest.fixture(params=["killed", "hanging"])
def no_redis(request: pytest.FixtureRequest, settings: Any, product: Any) -> Iterator[None]:
    """Point this process at a Redis socket without a server."""
    with tempfile.TemporaryDirectory(prefix="kasuwa-") as folder, socket.socket(socket.AF_UNIX) as silent:
        path = Path(folder) / "redis.sock"
        if request.param == "hanging":
            silent.bind(str(path))
            silent.listen(64)
        before = settings.REDIS_URL
        settings.REDIS_URL = f"unix://{path}?db=0"
        settings.CACHES = {"default": {**settings.CACHES["default"], "LOCATION": settings.REDIS_URL}}
        _forget_clients()
        with pytest.MonkeyPatch.context() as patch:
            for name in redis.TIMEOUTS:
                patch.setitem(redis.TIMEOUTS, name, redis.TIMEOUT_SECONDS)
                patch.setitem(redis.OPTIONS, name, redis.TIMEOUT_SECONDS)
            yield
        settings.REDIS_URL = before
        _forget_clients()


def _forget_clients() -> None:
    redis.client.cache_clear()
    redis._own.pid = 0
    redis.forget_outage()


def answers_in_time(ask: Callable[[], Any], *limits: float) -> list[Any]:
    """Ask once for each limit, from before the outage is known; return the answers where each came in its seconds.

    Asked again where one did not: other work of the machine delays some answers, a wait for Redis would all.
    """
    took: list[list[float]] = []
    for _ in range(TRIES):
        redis.forget_outage()
        answers, times = [], []
        for _ in limits:
            began = time.monotonic()
            answers.append(ask())
            times.append(time.monotonic() - began)
        if all(seconds < limit for seconds, limit in zip(times, limits, strict=True)):
            return answers
        took.append(times)
    pytest.fail(f"Not within {limits} seconds: {took}")


class Clock:
    """Stands for the time that kit.db.redis reads, and stands still."""

    now = 100.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    standing = Clock()
    monkeypatch.setattr(redis, "time", standing)
    return standing


@pytest.mark.usefixtures("no_redis")
@pytest.mark.parametrize(
    "path", ["/", "/search/?q=adire", "/shops/indigo-fabrics/", "/account/sign-in/", "/api/v1/listings/"]
)
def test_browsing_goes_on_without_redis(client: Client, path: str) -> None:
    answers = answers_in_time(lambda: client.get(path), 2 * SOON_SECONDS, SOON_SECONDS)
    assert [answer.status_code for answer in answers] == [200, 200]


@pytest.mark.usefixtures("no_redis")
def test_a_products_page_and_its_answer_are_read_from_the_database(client: Client, product: Any) -> None:
    assert client.get(f"/products/{product.pk}/").status_code == 200
    assert client.get(f"/api/v1/listings/{product.pk}/").status_code == 200


@pytest.mark.usefixtures("no_redis")
def test_people_sign_in_and_stay_signed_in_without_redis(client: Client, make_user: Callable[..., Any]) -> None:
    make_user("ada@example.com")
    answer = client.post("/account/sign-in/", {"login": "ada@example.com", "password": "secret-pass-1"})
    assert answer.status_code == 302
    page = client.get("/account/", follow=True)
    assert page.status_code == 200
    assert b"ada@example.com" in page.content


@pytest.mark.usefixtures("no_redis")
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_basket_is_503_within_a_second_and_says_when_to_try_again(api_client: APIClient, method: str) -> None:
    body = {"variant_id": "01890000-0000-7000-8000-000000000000", "quantity": 1}
    token: dict[str, Any] = {"HTTP_X_CART_TOKEN": guest_token()}
    ask = {"get": lambda: api_client.get(CART, **token), "post": lambda: api_client.post(ITEMS, body, **token)}
    [answer] = answers_in_time(ask[method], SOON_SECONDS)
    assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
    assert answer["Retry-After"]


@pytest.mark.usefixtures("no_redis")
def test_the_basket_and_checkout_pages_are_503_too(client: Client) -> None:
    client.cookies["kasuwa_cart"] = guest_token()
    for path in ("/cart/", "/checkout/"):
        [answer] = answers_in_time(partial(client.get, path), SOON_SECONDS)
        assert answer.status_code == 503, path
        assert answer["Retry-After"]


def guest_token() -> str:
    from django.core import signing

    return signing.dumps("a-key-of-a-guest", salt="checkout.cart")


def test_nothing_is_lost_of_a_basket_while_redis_is_away(
    api_client: APIClient, shop: Shop, product: Any, settings: Any
) -> None:
    [variant] = variant_ids(shop, product)[:1]
    added = api_client.post(ITEMS, {"variant_id": str(variant), "quantity": 2})
    token: dict[str, Any] = {"HTTP_X_CART_TOKEN": added["X-Cart-Token"]}
    address = settings.REDIS_URL
    settings.REDIS_URL = "unix:///nowhere/redis.sock"
    _forget_clients()
    assert api_client.get(CART, **token).status_code == 503
    settings.REDIS_URL = address
    _forget_clients()
    assert api_client.get(CART, **token).json()["data"]["units"] == 2


def test_an_outage_is_met_once_and_then_known(settings: Any, no_redis: None) -> None:
    cart = CartId.of_guest("nobody")

    def ask_a_hundred_times() -> None:
        with pytest.raises(exceptions.RedisError):
            store.read_lines(cart)
        assert redis.is_down()
        for _ in range(100):
            with pytest.raises(exceptions.RedisError):
                store.read_lines(cart)
            assert cache.get("anything") is None

    answers_in_time(ask_a_hundred_times, 2 * SOON_SECONDS + redis.TIMEOUT_SECONDS)


def test_redis_that_is_back_is_found_within_a_second(settings: Any, clock: Clock) -> None:
    address = settings.REDIS_URL
    settings.REDIS_URL = "unix:///nowhere/redis.sock"
    _forget_clients()
    with pytest.raises(exceptions.RedisError):
        redis.client().ping()
    assert redis.is_down()
    settings.REDIS_URL = address
    redis.client.cache_clear()

    def answers() -> bool:
        try:
            return bool(redis.client().ping())
        except exceptions.RedisError:
            return False

    clock.now += redis.OUTAGE_SECONDS / 2
    assert not answers()
    clock.now += redis.OUTAGE_SECONDS / 2
    assert answers()
    assert not redis.is_down()


def test_a_change_that_caches_were_not_told_of_is_told_when_redis_is_back(settings: Any) -> None:
    before = versions.current(versions.EVERYTHING)
    address = settings.CACHES["default"]
    settings.CACHES = {"default": {**address, "LOCATION": "unix:///nowhere/redis.sock"}}
    redis.forget_outage()
    versions.bump([versions.EVERYTHING])
    settings.CACHES = {"default": address}
    redis.forget_outage()
    assert versions.current(versions.EVERYTHING) != before


def test_what_is_held_is_not_read_again_for_each_request_of_an_outage(no_redis: None) -> None:
    made: list[int] = []
    held = versions.Held("a-version", lambda: made.append(1) or len(made))
    assert [held.get() for _ in range(5)] == [1] * 5


@pytest.mark.parametrize(
    "error",
    [
        OperationalError("the database system is starting up"),
        InterfaceError("connection already closed"),
        psycopg.errors.AdminShutdown("terminating connection"),
        psycopg.errors.CrashShutdown("terminating connection because of crash"),
        psycopg.OperationalError("connection refused"),
        exceptions.TimeoutError("no answer"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_what_a_restarting_server_makes_of_a_request_means_later(error: Exception) -> None:
    busy = as_busy(error)
    assert busy is not None
    assert (busy.status, busy.code) == (503, "unavailable")
    assert as_busy(ValueError("a mistake of ours")) is None


@pytest.mark.parametrize(
    "path", ["/", "/products/01890000-0000-7000-8000-000000000000/", "/api/v1/listings/", "/cart/"]
)
@pytest.mark.parametrize("host", ["platform", "shop"])
def test_a_database_that_restarts_is_503_with_the_time_to_try_again(
    client: Client, shop: Shop, monkeypatch: pytest.MonkeyPatch, path: str, host: str
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OperationalError("connection to server failed: the database system is shutting down")

    client.raise_request_exception = False
    name = f"{shop.slug}.kasuwa.localhost" if host == "shop" else "kasuwa.localhost"
    monkeypatch.setattr("django.db.backends.utils.CursorWrapper.execute", refuse)
    monkeypatch.setattr("tenants.database.base.DatabaseWrapper.run_together", refuse)
    answer = client.get(path, HTTP_HOST=name)
    if (path, host) == ("/cart/", "platform"):
        assert answer.status_code == 200  # an empty basket asks no database
        return
    assert answer.status_code == 503
    assert answer["Retry-After"]


def test_a_wait_for_a_connection_is_given_up_before_the_browser_does(settings: Any) -> None:
    from kit.db.timeouts import POOL_SECONDS, Process

    assert POOL_SECONDS[Process.WEB] <= 3


def test_threads_beside_the_one_that_tries_again_do_not_wait(
    no_redis: None, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried: list[int] = []
    is_trying, may_go_on = threading.Event(), threading.Event()
    admit = redis._outage.admit

    def ask() -> None:
        with pytest.raises(exceptions.RedisError):
            redis.client().ping()

    def note_who_tries() -> None:
        admit()
        tried.append(threading.get_ident())
        is_trying.set()
        assert may_go_on.wait(timeout=60)

    ask()
    clock.now += redis.OUTAGE_SECONDS
    monkeypatch.setattr(redis._outage, "admit", note_who_tries)
    first = threading.Thread(target=ask)
    first.start()
    assert is_trying.wait(timeout=60)
    for _ in range(5):
        ask()
    assert tried == [first.ident]
    may_go_on.set()
    first.join()
