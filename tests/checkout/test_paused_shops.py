"""Shops that don't sell at present: buyers see why, and can buy the rest of their basket."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client
from rest_framework.test import APIClient

from checkout.errors import EmptyCartError, PriceChangedError
from checkout.models import Order, SubOrder
from checkout.placing.place_order import place_order
from checkout.pricing.reading import read_quote, read_quote_after
from tenants.life import closing
from tenants.life import transitions as lifecycle
from tenants.life.lifecycle import may_fulfil
from tenants.models import Shop, ShopStatus
from tests.world.clock import NOW
from tests.world.factories.catalogue import forget_cached
from tests.world.market import Stocked, buy, open_shop, order_request, stock
from tests.world.shops import drop_schema

WHO: dict[str, Any] = {"actor_id": None, "now": NOW}
BACK = date(2026, 12, 3)


@pytest.fixture
def cloth(db: None) -> Stocked:
    return stock(open_shop("indigo-fabrics"), sku="CLOTH")


@pytest.fixture
def pot(db: None) -> Stocked:
    return stock(open_shop("copper-kitchen"), sku="POT", price_minor=2_500_000)


def go_on_holiday(shop: Shop) -> None:
    lifecycle.start_holiday(shop_id=shop.pk, note="We weave in the hills.", returns_on=BACK, **WHO)


def pauses(shop: Shop) -> dict[str, Callable[[], Shop]]:
    return {
        "suspended": lambda: lifecycle.suspend_shop(shop_id=shop.pk, reason="Sells fakes", **WHO),
        "closing": lambda: closing.start_closing(shop_id=shop.pk, reason="Moving on", **WHO),
    }


def fill(client: Client, *items: Stocked) -> None:
    for item in items:
        client.post("/cart/add/", {"variant": str(item.variant_id), "quantity": "2"})


def test_a_shop_on_holiday_is_shown_and_says_when_it_is_back(client: Client, cloth: Stocked, pot: Stocked) -> None:
    go_on_holiday(cloth.shop)
    product = client.get(f"/products/{cloth.product_id}/")
    page = client.get("/shops/indigo-fabrics/")
    for response in (product, page):
        text = response.content.decode()
        assert response.status_code == 200
        assert "On holiday, back on 3 December" in text
        assert "We weave in the hills." in text
    assert b'action="/cart/add/"' not in product.content
    assert b"Product CLOTH" in page.content
    assert b"Product CLOTH" not in client.get("/search/").content
    assert b"Product CLOTH" not in client.get("/").content
    assert b"Product POT" in client.get("/search/").content
    lifecycle.end_holiday(shop_id=cloth.shop.pk, **WHO)
    forget_cached()
    assert b"Product CLOTH" in client.get("/search/").content
    assert b'action="/cart/add/"' in client.get(f"/products/{cloth.product_id}/").content


@pytest.mark.parametrize("why", ["suspended", "closing"])
def test_other_pauses_hide_it_and_its_page_says_so(client: Client, cloth: Stocked, pot: Stocked, why: str) -> None:
    pauses(cloth.shop)[why]()
    page = client.get("/shops/indigo-fabrics/")
    assert (page.status_code, b"This shop is closed" in page.content) == (404, True)
    assert b"fakes" not in page.content
    assert client.get(f"/products/{cloth.product_id}/").status_code == 404
    assert b"Product CLOTH" not in client.get("/search/").content
    assert client.get("/shops/copper-kitchen/").status_code == 200


def test_nothing_of_a_shop_on_holiday_goes_into_a_basket(client: Client, api_client: APIClient, cloth: Stocked) -> None:
    go_on_holiday(cloth.shop)
    asked = {"variant_id": str(cloth.variant_id), "quantity": 1}
    refused = api_client.post("/api/v1/cart/items/", asked, format="json")
    assert (refused.status_code, refused.json()["code"]) == (409, "shop_not_selling")
    assert "back on 3 December" in refused.json()["message"]
    shown = client.post("/cart/add/", {"variant": str(cloth.variant_id), "quantity": 1}, follow=True)
    assert b"back on 3 December" in shown.content
    assert b"Your basket is empty" in client.get("/cart/").content


def test_the_listings_api_says_whether_a_shop_sells(api_client: APIClient, cloth: Stocked) -> None:
    go_on_holiday(cloth.shop)
    listing = api_client.get(f"/api/v1/listings/{cloth.product_id}/").json()["data"]
    assert (listing["shop"]["is_selling"], listing["shop"]["returns_on"]) == (False, "2026-12-03")
    shop = api_client.get("/api/v1/shops/indigo-fabrics/").json()["data"]
    assert (shop["is_selling"], shop["returns_on"]) == (False, "2026-12-03")
    assert api_client.get("/api/v1/listings/").json()["data"]["count"] == 0


def test_a_paused_shops_lines_stay_say_why_and_the_rest_is_bought(client: Client, cloth: Stocked, pot: Stocked) -> None:
    fill(client, cloth, pot)
    go_on_holiday(cloth.shop)
    text = client.get("/cart/").content.decode()
    assert "On holiday, back on 3 December; not part of your total." in text
    assert "Nothing of it is in your total" in text
    assert "₦51,500" in text  # two pots and their delivery
    assert "Go to checkout" in text
    checkout = client.get("/checkout/").content.decode()
    assert "Product POT" in checkout
    assert "Product CLOTH" not in checkout


@pytest.mark.parametrize(("why", "said"), [("suspended", "shop_closed"), ("closing", "shop_closed")])
def test_the_cart_api_marks_them(api_client: APIClient, cloth: Stocked, pot: Stocked, why: str, said: str) -> None:
    token = ""
    for item in (cloth, pot):
        asked = {"variant_id": str(item.variant_id), "quantity": 1}
        answer = api_client.post("/api/v1/cart/items/", asked, format="json", HTTP_X_CART_TOKEN=token)
        token = token or answer["X-Cart-Token"]
    pauses(cloth.shop)[why]()
    cart = api_client.get("/api/v1/cart/", HTTP_X_CART_TOKEN=token).json()["data"]
    problems = {group["shop"]["slug"]: group["lines"][0]["problem"] for group in cart["groups"]}
    assert problems == {"indigo-fabrics": said, "copper-kitchen": None}
    assert (cart["can_check_out"], cart["total_minor"]) == (True, 2_650_000)


def test_an_order_leaves_them_out_and_never_at_another_total(cloth: Stocked, pot: Stocked) -> None:
    lines = [cloth.line(), pot.line()]
    both = read_quote(lines, now=NOW).amounts.total_minor
    go_on_holiday(cloth.shop)
    with pytest.raises(PriceChangedError):
        place_order(lines=lines, request=order_request(expected=both), now=NOW)
    assert not Order.objects.exists()
    order = buy(*lines)
    assert [part.shop_id for part in order.sub_orders.all()] == [pot.shop.pk]
    assert cloth.level() == (10, 0)
    lifecycle.suspend_shop(shop_id=pot.shop.pk, reason="Sells fakes", **WHO)
    with pytest.raises(EmptyCartError):
        buy(*lines)


def test_an_order_that_was_being_placed_while_its_shop_was_suspended_stands(
    live_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    cloth = stock(open_shop("indigo-fabrics"))

    def suspend_after_reading(*args: Any, **kwargs: Any) -> Any:
        priced = read_quote_after(*args, **kwargs)
        lifecycle.suspend_shop(shop_id=cloth.shop.pk, reason="Sells fakes", **WHO)
        return priced

    monkeypatch.setattr("checkout.placing.place_order.read_quote_after", suspend_after_reading)
    order = buy(cloth.line())
    assert (Shop.objects.get().status, SubOrder.objects.get(order=order).status) == ("suspended", "pending")
    assert cloth.level() == (10, 1)
    assert may_fulfil(Shop.objects.get().status)
    monkeypatch.undo()
    with pytest.raises(EmptyCartError):
        buy(cloth.line())


@pytest.mark.parametrize("fault", ["missing", "behind"])
def test_a_shop_whose_schema_cannot_be_read_holds_up_no_other(
    live_database: str, client: Client, fault: str, django_assert_num_queries: Callable[..., Any]
) -> None:
    cloth, pot = stock(open_shop("indigo-fabrics"), sku="CLOTH"), stock(open_shop("copper-kitchen"), sku="POT")
    fill(client, cloth, pot)
    read_quote([cloth.line()], now=NOW)
    with django_assert_num_queries(3):  # the shops, and each shop's offers
        read_quote([cloth.line(), pot.line()], now=NOW)
    break_schema(cloth.shop, fault)
    text = client.get("/cart/").content.decode()
    assert "This shop is being updated, try again in a minute; not part of your total." in text
    assert "Go to checkout" in text
    order = buy(cloth.line(), pot.line())
    assert [part.shop_id for part in order.sub_orders.all()] == [pot.shop.pk]
    with pytest.raises(EmptyCartError):
        buy(cloth.line())
    refused = client.get(f"/products/{cloth.product_id}/")
    assert (refused.status_code, b"being updated" in refused.content) == (503, True)


def break_schema(shop: Shop, fault: str) -> None:
    from tests.world.ledger import run

    if fault == "missing":
        drop_schema(shop.schema_name)
    else:
        run(f"ALTER TABLE {shop.schema_name}.catalogue_stocklevel RENAME reserved TO held")
        run(f"DELETE FROM {shop.schema_name}.django_migrations WHERE app = 'catalogue'")


def test_a_deleted_shops_lines_are_said_to_be_closed(client: Client, cloth: Stocked, pot: Stocked) -> None:
    fill(client, cloth, pot)
    Shop.objects.filter(pk=cloth.shop.pk).update(status=ShopStatus.DELETED)
    text = client.get("/cart/").content.decode()
    assert "A product of Indigo Fabrics" in text
    assert "isn&#x27;t selling at present" in text or "isn't selling at present" in text
    assert "Go to checkout" in text
