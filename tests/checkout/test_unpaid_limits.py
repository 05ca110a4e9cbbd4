"""Limits of unpaid reservations: by e-mail address, account and network, by settings."""

from __future__ import annotations

import time
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from rest_framework.test import APIClient

from checkout.cart import store
from checkout.cart.store import CartId
from checkout.errors import InsufficientStockError, TooMuchUnpaidError
from checkout.models import Order
from checkout.orders import sold_out
from checkout.placing.check_out import CheckoutResult, check_out
from checkout.placing.unpaid_limits import UnpaidLimits
from kit.db import redis
from tests.world.clock import NOW
from tests.world.market import ADDRESS, Stocked, open_shop, order_request, stock

pytestmark = pytest.mark.django_db
NETWORK = "198.51.100.0"
CARTS = iter(range(1, 10_000))


@pytest.fixture
def cloth(db: None, settings: Any) -> Stocked:
    settings.PAYSTACK_BASE_URL = "http://127.0.0.1:9"
    settings.UNPAID_LIMITS = {"email": (3, 20), "account": (4, 30), "network": (6, 50)}
    return stock(open_shop("cloth-hall"), on_hand=1000)


def order(
    item: Stocked,
    quantity: int = 1,
    *,
    email: str = "ada@example.com",
    user_id: int | None = None,
    network: str = NETWORK,
    now: datetime = NOW,
    key: str | None = None,
    cart: CartId | None = None,
) -> CheckoutResult:
    """Order from a basket of its own."""
    cart = cart or CartId.of_guest(f"cart-{next(CARTS)}")
    store.write_line(cart, item.line(quantity))
    return check_out(cart=cart, request=order_request(key=key, email=email, user_id=user_id), network=network, now=now)


def refused(item: Stocked, quantity: int = 1, **who: Any) -> TooMuchUnpaidError:
    before = (Order.objects.count(), item.level())
    with pytest.raises(TooMuchUnpaidError) as refusal:
        order(item, quantity, **who)
    assert (Order.objects.count(), item.level()) == before
    return refusal.value


def pay(bought: CheckoutResult) -> None:
    Order.objects.filter(pk=bought.order.pk).update(status="paid", paid_at=NOW)


@pytest.mark.parametrize(
    ("who", "most", "word"),
    [
        ({"email": "ada@example.com"}, 3, "this e-mail address"),
        ({"email": "ada@example.com", "user_id": 7}, 4, "You have ordered a lot"),
    ],
)
def test_a_buyer_has_so_many_unpaid_orders(cloth: Stocked, buyer: Any, who: Any, most: int, word: str) -> None:
    who = who | ({"user_id": buyer.pk} if "user_id" in who else {})
    for _ in range(most):
        order(cloth, **who)
    refusal = refused(cloth, **who)
    assert (refusal.code, refusal.status, word in refusal.message) == ("too_much_unpaid", 409, True)
    assert refusal.details["orders"] == most
    assert refusal.details["retry_after_minutes"] == 60
    order(cloth, email="eve@example.com")


@pytest.mark.parametrize("again", ["ada@example.com", "ADA@Example.com", " ada@example.com "])
def test_an_address_is_the_same_in_every_spelling(cloth: Stocked, again: str) -> None:
    for _ in range(3):
        order(cloth)
    refused(cloth, email=again)


def test_a_network_has_so_many_whoever_orders(cloth: Stocked) -> None:
    for number in range(6):
        order(cloth, email=f"buyer-{number}@example.com")
    refusal = refused(cloth, email="another@example.com")
    assert (refusal.details["counted_by"], "your network" in refusal.message) == ("network", True)
    order(cloth, email="another@example.com", network="203.0.113.0")


def test_pieces_count_as_well_as_orders(cloth: Stocked) -> None:
    alone = refused(cloth, 21)
    assert "One order can have 20 pieces before it is paid, and yours has 21." in alone.message
    order(cloth, 15)
    refusal = refused(cloth, 6)
    assert (refusal.details["pieces"], refusal.details["orders"]) == (15, 1)
    order(cloth, 5)


def test_what_is_paid_counts_no_more(cloth: Stocked) -> None:
    placed = [order(cloth) for _ in range(3)]
    refused(cloth)
    pay(placed[1])
    order(cloth)
    refused(cloth)


def test_what_ran_out_of_time_counts_until_the_hour_is_over(cloth: Stocked) -> None:
    for _ in range(3):
        order(cloth)
    Order.objects.update(status="expired", ended_at=NOW + timedelta(minutes=30))
    refusal = refused(cloth, now=NOW + timedelta(minutes=40))
    assert refusal.details["retry_after_minutes"] == 20
    order(cloth, now=NOW + timedelta(minutes=61))


@pytest.mark.parametrize(("after", "counts"), [(4, False), (6, True)])
def test_what_was_cancelled_counts_where_it_kept_others_from_buying(cloth: Stocked, after: int, counts: bool) -> None:
    for _ in range(3):
        order(cloth)
    Order.objects.update(status="cancelled", ended_at=NOW + timedelta(minutes=after))
    if counts:
        refused(cloth)
    else:
        order(cloth)


def test_a_refused_order_does_not_count(cloth: Stocked) -> None:
    few = stock(open_shop("pot-house"), sku="POT", on_hand=1)
    for _ in range(5):
        with pytest.raises(InsufficientStockError):
            order(few, 2)
    order(cloth)


def test_a_repeated_key_is_answered_at_the_limit_too_and_counts_once(cloth: Stocked) -> None:
    cart = CartId.of_guest("patient")
    first = order(cloth, key="once", cart=cart)
    for _ in range(2):
        order(cloth)
    for _ in range(3):
        again = order(cloth, key="once", cart=cart)
        assert (again.is_replayed, again.order.number) == (True, first.order.number)
    refused(cloth, cart=cart)


def test_a_basket_counts_once_however_often_it_is_tried(cloth: Stocked, monkeypatch: pytest.MonkeyPatch) -> None:
    def die(*_: Any) -> None:
        raise KeyboardInterrupt

    cart = CartId.of_guest("crash")
    with monkeypatch.context() as patched:
        patched.setattr(UnpaidLimits, "take_ordered", die)
        with pytest.raises(KeyboardInterrupt):
            order(cloth, cart=cart)
    for number in range(2):
        order(cloth, email="ada@example.com", key=f"key-{number}")
    refused(cloth)


def test_names_and_networks_are_not_in_redis(cloth: Stocked) -> None:
    order(cloth)
    keys = [key.decode() if isinstance(key, bytes) else key for key in redis.client().keys("*unpaid*")]
    assert len(keys) == 2
    assert not any("ada" in key or NETWORK in key for key in keys)
    assert all(0 < redis.client().ttl(key) <= 3600 for key in keys)


@pytest.mark.parametrize(("seen_none_for", "looks"), [(-1, ["MGET"]), (60, [])])
def test_checking_out_takes_two_or_three_round_trips_to_redis(
    cloth: Stocked, monkeypatch: pytest.MonkeyPatch, seen_none_for: float, looks: list[str]
) -> None:
    """Reading the basket within the limits, now and then the sold-out flags, and taking out what was ordered."""
    store.write_line(CartId.of_guest("few"), cloth.line())
    order(cloth)  # the server knows the scripts from then on
    monkeypatch.setattr(sold_out._Seen, "none_until", time.monotonic() + seen_none_for)
    asked: list[str] = []
    own = redis.own_client()
    execute = own.execute_command
    monkeypatch.setattr(
        own, "execute_command", lambda *args, **options: asked.append(args[0]) or execute(*args, **options)
    )
    check_out(cart=CartId.of_guest("few"), request=order_request(), network=NETWORK, now=NOW)
    assert asked == ["EVALSHA", *looks, "EVALSHA"]


def test_the_api_and_the_page_say_so(api_client: APIClient, client: Client, cloth: Stocked, settings: Any) -> None:
    settings.UNPAID_LIMITS = {"email": (1, 20), "account": (1, 20), "network": (9, 90)}
    item = {"variant_id": str(cloth.variant_id), "quantity": 1}
    for key in ("one", "two"):
        api_client.post("/api/v1/cart/items/", item)
        body = {"email": "ada@example.com", "shipping_address": ADDRESS.as_dict()}
        answer = api_client.post("/api/v1/checkout/", body, headers={"Idempotency-Key": key})
    assert (answer.status_code, answer.json()["code"]) == (409, "too_much_unpaid")
    assert answer.json()["errors"]["counted_by"] == "email"
    assert api_client.get("/api/v1/cart/").json()["data"]["units"] == 1

    client.post("/cart/add/", {"variant": str(cloth.variant_id), "quantity": 1})
    form = {"email": "ada@example.com", "request_key": "k", "expected_total_minor": cloth.price_minor + 150_000}
    page = client.post("/checkout/", form | {f"shipping-{name}": value for name, value in ADDRESS.as_dict().items()})
    assert (page.status_code, "Pay or cancel an order, sign in" in page.content.decode()) == (409, True)
    assert Order.objects.count() == 1


def test_the_network_is_the_callers(api_client: APIClient, cloth: Stocked, settings: Any) -> None:
    settings.UNPAID_LIMITS = {"email": (9, 20), "account": (1, 20), "network": (1, 90)}
    answers = []
    for number, caller in enumerate(["198.51.100.7", "198.51.100.8", "203.0.113.9"]):
        buyer = APIClient(HTTP_HOST="kasuwa.localhost", REMOTE_ADDR=caller)
        buyer.post("/api/v1/cart/items/", {"variant_id": str(cloth.variant_id), "quantity": 1})
        body = {"email": f"buyer-{number}@example.com", "shipping_address": ADDRESS.as_dict()}
        answers.append(buyer.post("/api/v1/checkout/", body, headers={"Idempotency-Key": "k"}).status_code)
    assert answers == [201, 409, 201]
