"""A basket in several currencies is ordered one currency at a time; the rest stays in it."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from checkout.cart import store
from checkout.cart.parts import Currencies
from checkout.cart.store import CartId
from checkout.ending.expire_orders import expire_reservations
from checkout.errors import TooMuchUnpaidError
from checkout.models import Order, Payment
from checkout.orders import sold_out
from checkout.placing.check_out import check_out
from kit.db import redis
from tenants.models import Shop
from tests.checkout.test_api import add, order
from tests.checkout.test_currencies import cedi, form, naira, nothing_was_ordered, priced_in
from tests.world.clock import NOW
from tests.world.market import Stocked, order_request

__all__ = ["cedi", "naira"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("paystack")]


@pytest.fixture
def birr(db: None) -> Stocked:
    """A product in a currency that no provider takes."""
    return priced_in("ETB", "addis-coffee", 45_000)


@pytest.fixture
def mixed(api_client: APIClient, naira: Stocked, cedi: Stocked) -> APIClient:
    """A caller whose basket holds two of the one and three of the other."""
    add(api_client, naira, 2)
    add(api_client, cedi, 3)
    return api_client


def cart(client: APIClient, **query: str) -> dict[str, Any]:
    found: dict[str, Any] = client.get("/api/v1/cart/", query).json()["data"]
    return found


def quantities(client: APIClient) -> dict[str, int]:
    return {group["shop"]["slug"]: line["quantity"] for group in cart(client)["groups"] for line in group["lines"]}


def test_a_cart_tells_each_currencys_total_and_which_can_be_ordered(mixed: APIClient, birr: Stocked) -> None:
    add(mixed, birr)
    held = cart(mixed)
    assert (held["can_check_out"], held["total_minor"], held["units"]) == (False, None, 6)
    told = ("currency", "total_minor", "shops", "can_be_paid", "can_check_out")
    assert [tuple(total[name] for name in told) for total in held["totals"]] == [
        ("GHS", 22_000, [{"slug": "accra-beads", "name": "Accra Beads"}], True, True),
        ("NGN", 3_701_000, [{"slug": "lagos-cloth", "name": "Lagos Cloth"}], True, True),
        ("ETB", 46_000, [{"slug": "addis-coffee", "name": "Addis Coffee"}], False, False),
    ]
    cedis = cart(mixed, currency="GHS")
    assert (cedis["currency"], cedis["total_minor"], cedis["can_check_out"]) == ("GHS", 22_000, True)
    assert [group["shop"]["slug"] for group in cedis["groups"]] == ["accra-beads"]
    assert mixed.get("/api/v1/cart/", {"currency": "cedi"}).status_code == 400


def test_without_a_currency_a_mixed_cart_is_refused_and_told_which_there_are(
    mixed: APIClient, naira: Stocked, cedi: Stocked
) -> None:
    refused = order(mixed)
    assert (refused.status_code, refused.json()["code"]) == (409, "mixed_currencies")
    errors = refused.json()["errors"]
    assert errors["currencies"] == ["GHS", "NGN"]
    assert errors["totals"] == [
        {"currency": "GHS", "total_minor": 22_000},
        {"currency": "NGN", "total_minor": 3_701_000},
    ]
    assert "GHS, NGN" in errors["currency"][0]["message"]
    assert "GHS, NGN" in refused.json()["message"]
    assert nothing_was_ordered(naira, cedi)
    assert quantities(mixed) == {"lagos-cloth": 2, "accra-beads": 3}
    assert order(mixed, currency="NGN").status_code == 201  # the refused request has used nothing up


def test_each_currency_is_ordered_alone_and_the_rest_stays(mixed: APIClient, naira: Stocked, cedi: Stocked) -> None:
    first = order(mixed, "k1", currency="GHS", expected_total_minor=22_000)
    assert first.status_code == 201, first.json()
    placed = first.json()["data"]
    assert (placed["currency"], placed["total_minor"]) == ("GHS", 22_000)
    assert [part["shop"]["slug"] for part in placed["sub_orders"]] == ["accra-beads"]
    assert (naira.level(), cedi.level(), quantities(mixed)) == ((10, 0), (10, 3), {"lagos-cloth": 2})

    second = order(mixed, "k2", expected_total_minor=3_701_000)  # one currency is left, so it need not be named
    assert (second.status_code, second.json()["data"]["currency"]) == (201, "NGN")
    assert (naira.level(), quantities(mixed)) == ((10, 2), {})
    assert {payment.currency: payment.amount_minor for payment in Payment.objects.all()} == {
        "GHS": 22_000,
        "NGN": 3_701_000,
    }


def test_the_total_that_is_compared_is_the_parts(mixed: APIClient, naira: Stocked, cedi: Stocked) -> None:
    cedi.set_price(8_000)
    refused = order(mixed, currency="GHS", expected_total_minor=22_000)
    assert (refused.status_code, refused.json()["code"]) == (409, "price_changed")
    assert refused.json()["errors"] == {"total_minor": 25_000, "currency": "GHS", "changes": []}
    assert nothing_was_ordered(naira, cedi)
    assert quantities(mixed) == {"lagos-cloth": 2, "accra-beads": 3}


def test_a_key_stands_for_one_currency(mixed: APIClient, naira: Stocked, cedi: Stocked) -> None:
    placed = order(mixed, "k1", currency="GHS")
    for other in ({"currency": "NGN"}, {}):
        reused = order(mixed, "k1", **other)
        assert (reused.status_code, reused.json()["code"]) == (422, "idempotency_key_reused")
    add(mixed, cedi)
    again = order(mixed, "k1", currency="GHS")
    assert (again.status_code, again.headers["Idempotent-Replayed"]) == (201, "true")
    assert again.json()["data"]["number"] == placed.json()["data"]["number"]
    assert (Order.objects.count(), naira.level(), cedi.level()) == (1, (10, 0), (10, 3))
    assert quantities(mixed) == {"lagos-cloth": 2, "accra-beads": 1}


@pytest.mark.parametrize(("currency", "why"), [("KES", (409, "cart_empty")), ("cedi", (400, "invalid"))])
def test_a_currency_of_which_there_is_nothing_is_refused(
    mixed: APIClient, naira: Stocked, cedi: Stocked, currency: str, why: tuple[int, str]
) -> None:
    refused = order(mixed, currency=currency)
    assert (refused.status_code, refused.json()["code"]) == why
    assert nothing_was_ordered(naira, cedi)
    assert quantities(mixed) == {"lagos-cloth": 2, "accra-beads": 3}


def test_goods_of_an_order_that_the_provider_refuses_come_back_to_their_part(
    mixed: APIClient, naira: Stocked, cedi: Stocked, paystack: Any
) -> None:
    paystack.add_fault("not_found", status=400, times=1, match={"path": "/transaction/initialize"})
    refused = order(mixed, "k1", currency="GHS")
    assert (refused.status_code, refused.json()["code"]) == (422, "payment_refused")
    assert (naira.level(), cedi.level()) == ((10, 0), (10, 0))
    assert quantities(mixed) == {"lagos-cloth": 2, "accra-beads": 3}
    again = order(mixed, "k1", currency="GHS")
    assert (again.status_code, "Idempotent-Replayed" in again, quantities(mixed)) == (201, False, {"lagos-cloth": 2})


def test_a_currency_that_nobody_takes_is_refused_and_keeps_no_other_waiting(
    mixed: APIClient, birr: Stocked, naira: Stocked, cedi: Stocked
) -> None:
    add(mixed, birr)
    refused = order(mixed, "k1", currency="ETB")
    assert (refused.status_code, refused.json()["code"]) == (409, "charge_out_of_limits")
    assert nothing_was_ordered(naira, cedi, birr)
    assert order(mixed, "k2", currency="NGN").status_code == 201
    assert quantities(mixed) == {"accra-beads": 3, "addis-coffee": 1}


def test_an_order_of_one_currency_that_expires_gives_its_stock_back_alone(
    mixed: APIClient, naira: Stocked, cedi: Stocked
) -> None:
    order(mixed, "k1", currency="GHS")
    order(mixed, "k2", currency="NGN")
    cedis = Order.objects.get(currency="GHS")
    Order.objects.filter(pk=cedis.pk).update(expires_at=NOW)
    expire_reservations(now=cedis.placed_at)
    assert (naira.level(), cedi.level()) == ((10, 2), (10, 0))
    assert dict(Order.objects.values_list("currency", "status")) == {"GHS": "expired", "NGN": "pending"}


def test_what_is_left_out_in_another_currency_needs_no_choice(mixed: APIClient, naira: Stocked, cedi: Stocked) -> None:
    Shop.objects.filter(pk=cedi.shop.pk).update(status="suspended")
    placed = order(mixed, "k1")
    assert placed.status_code == 201, placed.json()
    assert (placed.status_code, placed.json()["data"]["currency"]) == (201, "NGN")
    assert quantities(mixed) == {"accra-beads": 3}


CART = CartId.of_guest("limits")


def fill(*items: tuple[Stocked, int]) -> None:
    for item, quantity in items:
        store.write_line(CART, item.line(quantity))


def ask(currency: str, key: str) -> Any:
    return check_out(cart=CART, request=order_request(key=key, currency=currency), network="198.51.100.0", now=NOW)


def test_pieces_of_one_currency_alone_count_as_unpaid(naira: Stocked, cedi: Stocked, settings: Any) -> None:
    settings.UNPAID_LIMITS = {"email": (9, 5), "account": (9, 5), "network": (9, 90)}
    fill((naira, 4), (cedi, 3))
    ask("NGN", "one")
    with pytest.raises(TooMuchUnpaidError) as refusal:
        ask("GHS", "two")
    assert refusal.value.details["pieces"] == 4
    assert (Order.objects.count(), cedi.level()) == (1, (10, 0))
    Order.objects.update(status="paid", paid_at=NOW)
    ask("GHS", "two")
    assert (Order.objects.count(), store.read_lines(CART)) == (2, [])


def test_a_refused_mixed_basket_counts_for_nothing(naira: Stocked, cedi: Stocked, settings: Any) -> None:
    settings.UNPAID_LIMITS = {"email": (2, 99), "account": (2, 99), "network": (2, 99)}
    fill((naira, 1), (cedi, 1))
    for key in ("one", "two", "three"):
        with pytest.raises(Exception, match="different currencies"):
            ask("", key)
    ask("NGN", "four")
    ask("GHS", "five")
    assert Order.objects.count() == 2


def test_how_many_trips_to_redis_a_part_takes(
    naira: Stocked, cedi: Stocked, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A part of another currency is counted after it was read; a basket of one currency takes what it always took."""
    settings.PAYSTACK_BASE_URL = "http://127.0.0.1:9"
    monkeypatch.setattr(sold_out._Seen, "none_until", 0.0)
    monkeypatch.setattr(sold_out, "UNASKED_SECONDS", -1.0)  # the flags are asked for each time
    fill((naira, 1), (cedi, 1))
    ask("GHS", "before")  # the server knows the scripts from then on
    fill((cedi, 1))
    asked: list[str] = []
    own = redis.own_client()
    execute = own.execute_command
    monkeypatch.setattr(
        own, "execute_command", lambda *args, **options: asked.append(args[0]) or execute(*args, **options)
    )
    ask("GHS", "first")
    assert asked == ["EVALSHA", "EVALSHA", "MGET", "EVALSHA"]
    asked.clear()
    ask("NGN", "second")
    assert asked == ["EVALSHA", "MGET", "EVALSHA"]


def test_choosing_the_part_takes_no_statement_where_the_shops_are_known(naira: Stocked, cedi: Stocked) -> None:
    fill((naira, 1), (cedi, 1))
    with CaptureQueriesContext(connection) as queries:
        assert Currencies.of(store.read_basket(CART)).only is None
    assert len(queries) == 1  # this process has met neither shop
    with CaptureQueriesContext(connection) as queries:
        assert Currencies.of(store.read_basket(CART)).part("GHS").lines == [cedi.line()]
    assert len(queries) == 0


def put_in(client: Client, *items: Stocked) -> None:
    for item in items:
        client.post("/cart/add/", {"variant": str(item.variant_id), "quantity": "1"})


def test_the_pages_check_out_each_currency_without_scripts(client: Client, naira: Stocked, cedi: Stocked) -> None:
    put_in(client, naira, cedi)
    page = client.get("/cart/").content.decode()
    for words in ("Priced in Nigerian naira (₦)", "Priced in Ghanaian cedi (GH₵)", "₦18,510", "GH₵80"):
        assert words in page
    assert re.findall(r'value="(checkout[^"]*)"', page) == ["checkout:GHS", "checkout:NGN"]
    changed = {"next": "checkout:GHS", f"quantity-{cedi.variant_id}": "2", f"quantity-{naira.variant_id}": "1"}
    onward = client.post("/cart/change/", changed)
    assert onward.headers["Location"] == "/checkout/?currency=GHS"
    shown = client.get("/checkout/?currency=GHS").content.decode()
    assert "GH₵150" in shown
    assert "₦" not in shown.split("<main", 1)[1].split("</main", 1)[0]
    hidden = dict(re.findall(r'name="(currency|expected_total_minor)" value="([^"]*)"', shown))
    assert hidden == {"currency": "GHS", "expected_total_minor": "15000"}

    wrong = client.post("/checkout/?currency=GHS", form(**hidden, email=""))
    assert (wrong.status_code, "GH₵150" in wrong.content.decode()) == (422, True)
    client.post("/checkout/?currency=GHS", form(**hidden))
    placed = Order.objects.get()
    assert (placed.currency, placed.total_minor, cedi.level(), naira.level()) == ("GHS", 15_000, (10, 2), (10, 0))
    rest = client.get("/cart/").content.decode()
    assert "Go to checkout" in rest
    assert "Priced in" not in rest


def test_a_form_orders_the_currency_that_it_showed_where_the_basket_has_become_mixed(
    client: Client, naira: Stocked, cedi: Stocked
) -> None:
    put_in(client, naira)
    shown = client.get("/checkout/").content.decode()
    hidden = dict(re.findall(r'name="(currency|expected_total_minor)" value="([^"]*)"', shown))
    put_in(client, cedi)
    client.post("/checkout/", form(**hidden))
    assert (Order.objects.get().currency, cedi.level()) == ("NGN", (10, 0))


def test_a_changed_price_shows_the_parts_new_total(client: Client, naira: Stocked, cedi: Stocked) -> None:
    put_in(client, naira, cedi)
    cedi.set_price(9_000)
    again = client.post("/checkout/", form(currency="GHS", expected_total_minor="8000"))
    assert again.status_code == 409
    assert 'name="expected_total_minor" value="10000"' in again.content.decode()
    assert nothing_was_ordered(naira, cedi)


def test_a_currency_that_nobody_takes_is_said_on_the_product_and_in_the_basket(client: Client, birr: Stocked) -> None:
    said = "Cannot be paid here yet"
    assert said in client.get(f"/products/{birr.product_id}/").content.decode()
    put_in(client, birr)
    page = client.get("/cart/").content.decode()
    assert (said in page, "Ethiopian birr (Br)" in page, "Go to checkout" in page) == (True, True, False)
    assert client.get("/checkout/").headers["Location"] == "/cart/"


def test_what_can_be_paid_says_nothing_of_it(client: Client, naira: Stocked) -> None:
    put_in(client, naira)
    for path in (f"/products/{naira.product_id}/", "/cart/"):
        assert "Cannot be paid" not in client.get(path).content.decode()


def test_a_basket_of_one_currency_and_one_that_cannot_be_paid_checks_out_the_one(
    client: Client, naira: Stocked, birr: Stocked
) -> None:
    put_in(client, naira, birr)
    page = client.get("/cart/").content.decode()
    assert ("Check out in NGN" in page, "Check out in ETB" in page, "Cannot be paid here yet" in page) == (
        True,
        False,
        True,
    )
