"""A basket in several currencies has a total for each, none for all, and is not ordered as one."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from rest_framework.test import APIClient

from checkout.errors import MixedCurrenciesError
from checkout.models import Order, Payment
from checkout.pricing.reading import read_quote
from kit.money import CurrencyMismatchError
from kit.money.columns import AMOUNT_COLUMNS
from kit.work.idempotency import find
from tenants.models import Shop
from tests.checkout.test_api import add, order
from tests.world.clock import NOW
from tests.world.factories.catalogue import forget_cached
from tests.world.market import Stocked, buy, open_shop, order_request, stock

pytestmark = pytest.mark.django_db


def priced_in(currency: str, slug: str, price_minor: int) -> Stocked:
    """Stock of a shop with another currency."""
    shop = open_shop(slug, shipping_minor=1_000, currency=currency)
    return stock(shop, sku=slug.upper(), price_minor=price_minor)


@pytest.fixture
def naira(db: None) -> Stocked:
    return priced_in("NGN", "lagos-cloth", 1_850_000)


@pytest.fixture
def cedi(db: None) -> Stocked:
    return priced_in("GHS", "accra-beads", 7_000)


@pytest.fixture
def shilling(db: None) -> Stocked:
    return priced_in("KES", "nairobi-baskets", 90_000)


def nothing_was_ordered(*items: Stocked) -> bool:
    return not Order.objects.exists() and not Payment.objects.exists() and all(i.level() == (10, 0) for i in items)


def test_a_quote_has_no_sum_across_currencies(naira: Stocked, cedi: Stocked, shilling: Stocked) -> None:
    quoted = read_quote([naira.line(2), cedi.line(1), shilling.line(1)], now=NOW)
    assert [(total.currency, total.total_minor) for total in quoted.totals] == [
        ("GHS", 8_000),
        ("KES", 91_000),
        ("NGN", 3_701_000),
    ]
    assert (quoted.is_mixed, quoted.can_check_out, quoted.shown_amounts) == (True, False, None)
    with pytest.raises(CurrencyMismatchError):
        _ = quoted.amounts


def test_the_api_gives_a_total_for_each_and_null_for_all(api_client: APIClient, naira: Stocked, cedi: Stocked) -> None:
    one = add(api_client, naira, 2).json()["data"]
    assert (one["currency"], one["total_minor"]) == ("NGN", 3_701_000)
    told = {"shops": [{"slug": "lagos-cloth", "name": "Lagos Cloth"}], "can_be_paid": True, "can_check_out": True}
    assert one["totals"] == [{name: one[name] for name in (*AMOUNT_COLUMNS, "amounts")} | told]
    both = add(api_client, cedi).json()["data"]
    assert {name: both[name] for name in AMOUNT_COLUMNS} == dict.fromkeys(AMOUNT_COLUMNS)
    assert both["amounts"] is None
    assert [(each["currency"], each["total_minor"]) for each in both["totals"]] == [("GHS", 8_000), ("NGN", 3_701_000)]
    assert [(each["currency"], each["total_minor"]) for each in both["groups"]] == [("GHS", 8_000), ("NGN", 3_701_000)]
    assert both["can_check_out"] is False


@pytest.mark.usefixtures("paystack")
def test_checkout_over_the_api_is_refused_until_one_currency_is_left(
    api_client: APIClient, naira: Stocked, cedi: Stocked
) -> None:
    add(api_client, naira)
    add(api_client, cedi)
    refused = order(api_client)
    assert (refused.status_code, refused.json()["code"]) == (409, "mixed_currencies")
    assert nothing_was_ordered(naira, cedi)
    api_client.delete(f"/api/v1/cart/items/{cedi.variant_id}/")
    placed = order(api_client, expected_total_minor=1_851_000)
    assert (placed.status_code, placed.json()["data"]["currency"]) == (201, "NGN")
    assert cedi.level() == (10, 0)


def test_the_service_refuses_them_and_keeps_no_key(naira: Stocked, cedi: Stocked) -> None:
    request = order_request(key="mixed")
    with pytest.raises(MixedCurrenciesError):
        buy(naira.line(), cedi.line(), request=request)
    assert nothing_was_ordered(naira, cedi)
    assert find(request.idempotency_key) is None


def test_the_pages_show_each_total_and_say_so_before_checkout(client: Client, naira: Stocked, cedi: Stocked) -> None:
    for item in (naira, cedi):
        client.post("/cart/add/", {"variant": str(item.variant_id), "quantity": "1"})
    text = client.get("/cart/").content.decode()
    assert "₦18,510" in text
    assert "GH₵80" in text
    assert "An order is paid in one currency." in text
    assert "Go to checkout" not in text
    assert client.get("/checkout/").headers["Location"] == "/cart/"
    answer = client.post("/checkout/", form())
    assert (answer.status_code, answer.headers["Location"]) == (302, "/cart/")
    assert "different currencies" in client.get("/cart/").content.decode()
    assert nothing_was_ordered(naira, cedi)
    client.post("/cart/change/", {"variant": str(cedi.variant_id), "quantity": "0"})
    assert "Go to checkout" in client.get("/cart/").content.decode()


def form(**changes: str) -> dict[str, str]:
    address = {
        "name": "Ada Obi",
        "line1": "12 Bode Thomas St",
        "city": "Surulere",
        "state": "Lagos",
        "country": "NG",
        "phone": "+2348012345678",
    }
    asked = {"email": "ada@example.com", "request_key": "k1", "expected_total_minor": "1851000"}
    return {**asked, **{f"shipping-{name}": value for name, value in address.items()}, **changes}


def test_an_incomplete_form_of_a_mixed_basket_goes_back_to_it(client: Client, naira: Stocked, cedi: Stocked) -> None:
    for item in (naira, cedi):
        client.post("/cart/add/", {"variant": str(item.variant_id), "quantity": "1"})
    answer: Any = client.post("/checkout/", form(email=""))
    assert (answer.status_code, answer.headers["Location"]) == (302, "/cart/")


def test_what_is_left_out_is_in_no_total(naira: Stocked, cedi: Stocked) -> None:
    Shop.objects.filter(pk=cedi.shop.pk).update(status="suspended")
    forget_cached()
    quoted = read_quote([naira.line(), cedi.line()], now=NOW)
    assert (quoted.is_mixed, quoted.amounts.total_minor) == (False, 1_851_000)
