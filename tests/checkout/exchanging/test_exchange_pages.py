"""Exchanges on the pages of buyer, shop and operator, over the API of each, and in the letters about them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from rest_framework.test import APIClient

from checkout.ending.end_orders import cancel_order
from checkout.ending.expire_orders import expire_reservations
from checkout.models import Order, Refund, Return, SubOrder
from kit.work import outbox
from notifications.models import Email
from tests.checkout.returning.test_return_pages import guest, operator
from tests.world.clock import NOW
from tests.world.exchanges import Sizes, accept, ask_exchange, exchange, fresh, receive
from tests.world.market import buy, open_shop, stock
from tests.world.own_shop import api, member, page_client

pytestmark = pytest.mark.django_db
LONG = pytest.mark.usefixtures("long_days")


@pytest.fixture
def long_days(settings: Any) -> None:
    """Have returns last until today, which pages ask for."""
    settings.RETURN_DAYS = settings.EXCHANGE_KEPT_DAYS = settings.EXCHANGE_PAY_DAYS = 20_000


@LONG
def test_an_exchange_on_the_pages_from_the_wish_to_the_difference(part: SubOrder, sizes: Sizes) -> None:
    buyer, address = guest(part), f"/orders/{part.order.number}/return/"
    key = sizes["M"].variant_id.hex
    units, wish = f"units-{part.pk.hex}-{key}", f"wanted-{part.pk.hex}-{key}"
    page = buyer.get(address).text
    assert all(words in page for words in (wish, "A refund", "XL, ₦2,400 more", "S, cheaper by ₦2,500"))
    asked = {units: "1", "reason": "It does not fit", wish: f"{sizes['XL'].variant_id}:1240000"}
    sizes["XL"].set_price(1_300_000)
    assert buyer.post(address, asked).status_code == 422  # at another price than the one that was seen
    sizes["XL"].set_price(1_240_000)
    shown = buyer.post(address, asked, follow=True)
    assert "It costs ₦2,400 more" in shown.text
    found = Return.objects.get()

    shop, own = page_client(part.shop, member(part.shop)), f"/dashboard/returns/{found.pk}/"
    assert "Accept the exchange" in shop.get(own).text
    shop.post(own, {"move": "accept", "accept-instructions": "To Bode Thomas St"})
    order = Order.objects.get(exchange_of=found)
    assert f"/dashboard/orders/{order.number}-1/" in shop.get(own).text
    waiting = buyer.get(f"{order.get_absolute_url()}?key={order.access_key}", follow=True).text
    assert "This is reserved for your exchange" in waiting
    assert "Pay ₦" not in waiting
    assert f"/orders/{order.number}/" in operator().get(f"/operator/returns/{found.pk}/").text

    shop.post(own, {"move": "receive"})
    assert "Pay the difference" in buyer.get(shown.redirect_chain[-1][0]).text
    paying = buyer.get(order.get_absolute_url()).text
    assert "Pay ₦2,400" in paying
    assert "Paid with the items that you sent back" in paying
    assert "Used for an exchange" in buyer.get(part.order.get_absolute_url()).text


@LONG
def test_what_is_gone_is_refunded_instead_on_the_page_and_over_the_api(part: SubOrder, sizes: Sizes) -> None:
    found = ask_exchange(part, {sizes["M"].variant_id: sizes["L"].variant_id})
    buy(sizes["L"].line(10))
    staff, own = member(part.shop), f"/dashboard/returns/{found.pk}/"
    shop, sent = page_client(part.shop, staff), {"move": "accept", "accept-instructions": "To us"}
    assert "is no longer in stock" in shop.post(own, sent, follow=True).text
    refused = api(part.shop, staff).post(f"/api/v1/returns/{found.pk}/accept/", {}, format="json")
    assert (refused.status_code, refused.json()["code"]) == (409, "replacement_gone")
    assert refused.json()["errors"]["lines"] == [str(sizes["M"].variant_id)]
    shop.post(own, {**sent, "refunds_instead": "1"})
    found.refresh_from_db()
    assert (found.status, Order.objects.filter(exchange_of=found).exists()) == ("accepted", False)


@LONG
def test_an_exchange_over_the_api(part: SubOrder, sizes: Sizes) -> None:
    other_shops = stock(open_shop("elsewhere"))
    client = APIClient(HTTP_HOST=settings.BASE_DOMAIN, HTTP_X_ORDER_KEY=part.order.access_key)
    address = f"/api/v1/orders/{part.order.number}/returns/"

    def ask(variant_id: Any) -> Any:
        line = {"line_id": str(sizes["M"].variant_id), "quantity": 1, "exchange_variant_id": str(variant_id)}
        return client.post(address, {"lines": [line], "reason": "It does not fit"}, format="json")

    refused = ask(other_shops.variant_id)
    assert (refused.status_code, refused.json()["code"]) == (409, "not_exchangeable")
    both = [
        {"line_id": str(sizes["M"].variant_id), "quantity": 1, "exchange_variant_id": str(sizes[size].variant_id)}
        for size in ("S", "L")
    ]
    unclear = client.post(address, {"lines": both, "reason": "Neither fits"}, format="json")
    assert (unclear.status_code, unclear.json()["errors"]["lines"][0]["code"]) == (400, "two_wishes")
    told = ask(sizes["S"].variant_id).json()["data"]
    line = {
        "line_id": str(sizes["M"].variant_id),
        "variant_id": str(sizes["S"].variant_id),
        "sku": "TEE-S",
        "title": "Tee TEE",
        "quantity": 1,
    }
    assert told["exchange"] == {
        "state": "asked",
        "lines": [line],
        "difference_minor": -250_000,
        "order_number": None,
    }
    own = api(part.shop, member(part.shop))
    kept = own.post(f"/api/v1/returns/{told['id']}/accept/", {}, format="json").json()["data"]["exchange"]
    number = Order.objects.get(exchange_of=told["id"]).number
    assert (kept["state"], kept["order_number"]) == ("kept", number)
    waiting = client.get(f"/api/v1/orders/{number}/").json()["data"]
    assert (waiting["exchange_return_id"], waiting["credit_minor"], waiting["allowed_moves"]) == (
        told["id"],
        0,
        ["cancel"],
    )
    done = own.post(f"/api/v1/returns/{told['id']}/receive/", {}, format="json").json()["data"]
    assert (done["exchange"]["state"], done["exchange"]["difference_minor"], done["status"]) == (
        "done",
        -250_000,
        "received",
    )
    assert client.get(f"/api/v1/orders/{number}/").json()["data"]["credit_minor"] == 750_000
    assert [
        each["amount_minor"] for each in client.get(f"/api/v1/orders/{part.order.number}/").json()["data"]["refunds"]
    ] == [250_000]


def letters(to: str) -> list[str]:
    """Return the letters to an address since the last look, by subject and text."""
    outbox.relay(now=NOW)
    found = [f"{each.subject}\n{each.text}" for each in Email.objects.filter(to=to).order_by("pk")]
    Email.objects.all().delete()
    return found


def test_each_step_of_an_exchange_is_told(part: SubOrder, sizes: Sizes) -> None:
    owner, buyer = member(part.shop), part.order.email
    wanted = {sizes["M"].variant_id: sizes["XL"].variant_id}
    letters(buyer)
    found = ask_exchange(part, wanted)
    assert "wants to exchange this" in letters(owner.email)[0]
    accept(found)
    order = Order.objects.get(exchange_of=found)
    assert f": order {order.number}." in letters(buyer)[0]
    receive(found)
    [told] = letters(buyer)
    assert "costs ₦2,400 more" in told
    late = NOW + timedelta(days=settings.EXCHANGE_PAY_DAYS, seconds=1)
    expire_reservations(now=late)
    outbox.relay(now=late)
    assert Refund.objects.get().amount_minor == 1_000_000
    texts = {each.to: f"{each.subject}\n{each.text}" for each in Email.objects.all()}
    assert "We refund ₦10,000 to you for the items that you sent back." in texts[buyer]
    assert "the buyer is refunded ₦10,000" in texts[owner.email]
    assert Email.objects.count() == 2
    letters(buyer)

    second = accept(ask_exchange(fresh(part), wanted))
    cancel_order(order_id=Order.objects.get(exchange_of=second).pk, now=NOW)
    assert "You chose a refund instead of the exchange." in letters(buyer)[-1]
    paid = exchange(fresh(part), {sizes["M"].variant_id: sizes["L"].variant_id})
    assert any(f"is being prepared: order {paid.number}" in each for each in letters(buyer))
