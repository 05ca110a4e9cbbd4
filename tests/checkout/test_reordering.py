"""Ordering again: what can still be had goes into the basket, and each line says what is different from then."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django_tenants.utils import schema_context
from rest_framework.test import APIClient

from catalogue.models import Product, StockLevel
from checkout.cart import reordering, store
from checkout.cart.change_cart import add_to_cart
from checkout.cart.reordering import reorder
from checkout.cart.set_lines import set_lines
from checkout.cart.store import CartId
from checkout.errors import CartLinesRefusedError, NotLetInError, TooManyLinesError
from checkout.models import Order
from checkout.pricing.lines import CartLine
from kit.ids import uuid7
from tenants.models import ShopStatus
from tests.world.clock import NOW
from tests.world.market import Stocked, buy, open_shop, stock

pytestmark = pytest.mark.django_db
CART = CartId.of_user(7)


@pytest.fixture
def tote(db: None) -> Stocked:
    return stock(open_shop("cloth-hall"), on_hand=10)


@pytest.fixture
def pot(db: None) -> Stocked:
    return stock(open_shop("pot-house"), sku="POT-1", price_minor=640_000, on_hand=10)


@pytest.fixture
def order(tote: Stocked, pot: Stocked) -> Order:
    return Order.objects.get(pk=buy(tote.line(3), pot.line(2)).pk)


def left(item: Stocked, units: int) -> None:
    with schema_context(item.shop.schema_name):
        StockLevel.objects.update(on_hand=units, reserved=0)


def take_off_sale(item: Stocked) -> None:
    with schema_context(item.shop.schema_name):
        Product.objects.update(status="draft")


def basket(cart: CartId = CART) -> dict[Any, int]:
    return {line.variant_id: line.quantity for line in store.read_lines(cart)}


def guest(order: Order) -> Client:
    client = Client(HTTP_HOST=settings.BASE_DOMAIN)
    client.get(f"{order.get_absolute_url()}?key={order.access_key}")
    return client


def test_all_of_an_order_is_in_the_basket_once_however_often_it_is_asked_for(
    order: Order, tote: Stocked, pot: Stocked
) -> None:
    for _ in range(2):
        lines = reorder(order=order, cart=CART, now=NOW)
        assert [each.is_as_before for each in lines] == [True, True]
    assert basket() == {tote.variant_id: 3, pot.variant_id: 2}


def test_a_larger_quantity_and_other_lines_of_the_basket_stay(order: Order, tote: Stocked, pot: Stocked) -> None:
    lamp = stock(tote.shop, sku="LAMP-1")
    add_to_cart(cart=CART, variant_id=tote.variant_id, quantity=5, now=NOW)
    add_to_cart(cart=CART, variant_id=lamp.variant_id, quantity=1, now=NOW)
    reorder(order=order, cart=CART, now=NOW)
    assert basket() == {tote.variant_id: 5, pot.variant_id: 2, lamp.variant_id: 1}


@pytest.mark.parametrize(
    ("units", "problem", "held"), [(2, "not_enough", 2), (1, "not_enough", 1), (0, "sold_out", 0)], ids=str
)
def test_a_short_line_is_put_in_as_far_as_it_goes(
    order: Order, tote: Stocked, units: int, problem: str, held: int
) -> None:
    left(tote, units)
    line, other = reorder(order=order, cart=CART, now=NOW)
    assert (line.problem, line.held) == (problem, held)
    assert (other.problem, other.held) == (None, 2)
    assert basket().get(tote.variant_id, 0) == held


@pytest.mark.parametrize(
    ("status", "problem"),
    [
        (ShopStatus.HOLIDAY, "shop_away"),
        (ShopStatus.SUSPENDED, "shop_closed"),
        (ShopStatus.CLOSED, "shop_closed"),
    ],
)
def test_lines_of_a_shop_that_does_not_sell_are_told(
    order: Order, tote: Stocked, pot: Stocked, status: ShopStatus, problem: str
) -> None:
    tote.shop.status = status
    tote.shop.save(update_fields=["status"])
    line, other = reorder(order=order, cart=CART, now=NOW)
    assert (line.held, other.held) == (0, 2)
    assert line.problem == problem
    assert line.message
    assert basket() == {pot.variant_id: 2}


def test_a_product_off_sale_is_gone_and_a_dearer_one_says_both_prices(
    order: Order, tote: Stocked, pot: Stocked
) -> None:
    take_off_sale(tote)
    pot.set_price(700_000)
    gone, dearer = reorder(order=order, cart=CART, now=NOW)
    assert (gone.problem, gone.unit_price_minor, gone.message) == ("gone", None, "No longer for sale.")
    assert (dearer.problem, dearer.unit_price_minor, dearer.old_unit_price_minor) == (None, 700_000, 640_000)
    assert dearer.message == "Now ₦7,000, was ₦6,400."


def test_a_full_basket_is_refused_and_stays_as_it_is(
    order: Order, tote: Stocked, monkeypatch: pytest.MonkeyPatch
) -> None:
    lamp = stock(tote.shop, sku="LAMP-1")
    monkeypatch.setattr(store, "MAX_LINES", 2)
    add_to_cart(cart=CART, variant_id=lamp.variant_id, quantity=1, now=NOW)
    with pytest.raises(TooManyLinesError):
        reorder(order=order, cart=CART, now=NOW)
    assert basket() == {lamp.variant_id: 1}


def test_a_line_that_is_bought_by_others_meanwhile_is_looked_at_again(
    order: Order, tote: Stocked, pot: Stocked, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = set_lines

    def bought_meanwhile(**asked: Any) -> Any:
        monkeypatch.setattr(reordering, "set_lines", real)
        left(tote, 1)
        return real(**asked)

    monkeypatch.setattr(reordering, "set_lines", bought_meanwhile)
    line, _ = reorder(order=order, cart=CART, now=NOW)
    assert (line.problem, line.held) == ("not_enough", 1)
    assert basket() == {tote.variant_id: 1, pot.variant_id: 2}


def test_what_others_go_on_buying_is_refused_in_the_end(order: Order, monkeypatch: pytest.MonkeyPatch) -> None:
    def always(**_: Any) -> Any:
        raise CartLinesRefusedError

    monkeypatch.setattr(reordering, "set_lines", always)
    with pytest.raises(CartLinesRefusedError):
        reorder(order=order, cart=CART, now=NOW)
    assert basket() == {}


def test_a_line_with_a_waiting_room_is_named_and_the_rest_is_put_in(
    order: Order, tote: Stocked, pot: Stocked, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = set_lines

    def with_room(**asked: Any) -> Any:
        if tote.variant_id in asked["quantities"]:
            raise NotLetInError(details=[{"listing_id": str(tote.product_id), "url": "/waiting-room/"}])
        return real(**asked)

    monkeypatch.setattr(reordering, "set_lines", with_room)
    line, _ = reorder(order=order, cart=CART, now=NOW)
    assert (line.problem, line.held) == ("not_let_in", 0)
    assert basket() == {pot.variant_id: 2}


def test_a_guest_orders_again_from_the_orders_page(order: Order, tote: Stocked, pot: Stocked) -> None:
    Order.objects.update(status="expired")
    client, address = guest(order), f"/orders/{order.number}/reorder/"
    assert address in client.get(order.get_absolute_url()).text
    assert client.post(address)["Location"] == "/cart/"
    units = {line.offer.sku: line.line.quantity for line in client.get("/cart/").context["cart"].lines}
    assert units == {"TOTE-1": 3, "POT-1": 2}


def test_the_page_says_line_by_line_what_is_different(order: Order, tote: Stocked, pot: Stocked) -> None:
    left(tote, 1)
    pot.set_price(700_000)
    client, address = guest(order), f"/orders/{order.number}/reorder/"
    before = client.get(address).text
    assert "Put it in my basket" in before
    assert client.post(address)["Location"] == address
    told = " ".join(client.get(address).text.split())
    assert "Only 1 left." in told
    assert "Ordered then: 3. In your basket: 1." in told
    assert "Now ₦7,000, was ₦6,400." in told
    assert "Put it in my basket" not in told


def test_an_order_that_waits_for_its_payment_offers_no_second_one(order: Order, time_machine: Any) -> None:
    time_machine.move_to(NOW)
    assert "/reorder/" not in guest(order).get(order.get_absolute_url()).text


def test_the_api_puts_it_into_a_guests_new_cart(order: Order, tote: Stocked, pot: Stocked) -> None:
    take_off_sale(tote)
    client = APIClient(HTTP_HOST=settings.BASE_DOMAIN, headers={"X-Order-Key": order.access_key})
    address = f"/api/v1/orders/{order.number}/reorder/"
    answer = client.post(address, headers={"Idempotency-Key": uuid7().hex})
    gone, had = answer.json()["data"]["lines"]
    assert (gone["problem"], gone["quantity"], gone["ordered_quantity"]) == ("gone", 0, 3)
    assert (had["problem"], had["quantity"], had["shop"]["slug"]) == (None, 2, "pot-house")
    assert answer.json()["data"]["cart"]["units"] == 2
    token = answer["X-Cart-Token"]
    again = client.get("/api/v1/cart/", headers={"X-Cart-Token": token}).json()["data"]
    assert again["units"] == 2


def test_another_buyers_order_is_not_found_and_puts_nothing_in(order: Order) -> None:
    client = APIClient(HTTP_HOST=settings.BASE_DOMAIN, headers={"X-Order-Key": "made-up"})
    answer = client.post(f"/api/v1/orders/{order.number}/reorder/")
    assert (answer.status_code, "X-Cart-Token" in answer) == (404, False)


def test_the_basket_is_filled_at_todays_price(order: Order, pot: Stocked) -> None:
    pot.set_price(700_000)
    reorder(order=order, cart=CART, now=NOW)
    assert CartLine(pot.variant_id, pot.shop.pk, 2, 700_000) in store.read_lines(CART)
