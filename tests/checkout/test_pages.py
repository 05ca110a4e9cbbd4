"""The checkout page: sent twice, from two tabs, with a basket that was ordered already."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
import time_machine
from django.core import signing
from django.test import Client
from django.utils import timezone

from checkout.cart import store
from checkout.cart.store import CartId
from checkout.errors import TooManyLinesError
from checkout.models import Order
from checkout.placing.unpaid_limits import UnpaidLimits
from checkout.pricing.lines import CartLine
from kit.db import redis
from tests.world.market import Stocked, open_shop, stock

pytestmark = pytest.mark.django_db
ADDRESS = {
    "name": "Ada Obi",
    "phone": "+2348012345678",
    "line1": "12 Bode Thomas St",
    "city": "Surulere",
    "state": "Lagos",
    "country": "NG",
}


@pytest.fixture
def cloth(db: None) -> Stocked:
    return stock(open_shop("cloth-hall"))


@pytest.fixture
def pot(db: None) -> Stocked:
    return stock(open_shop("pot-house"), sku="POT-1")


@pytest.fixture(autouse=True)
def _payments(paystack: Any) -> None:
    """Payments are opened at the sandbox."""


def fill(client: Client, item: Stocked, quantity: int = 1) -> None:
    client.post("/cart/add/", {"variant": str(item.variant_id), "quantity": quantity})


def order(client: Client, item: Stocked, *, key: str, quantity: int = 1) -> Any:
    total = item.price_minor * quantity + item.shop.shipping_minor
    form = {"email": "ada@example.com", "request_key": key, "expected_total_minor": total}
    return client.post("/checkout/", form | {f"shipping-{name}": value for name, value in ADDRESS.items()})


def test_a_form_sent_again_leads_to_the_same_payment_and_leaves_the_basket_alone(
    client: Client, cloth: Stocked
) -> None:
    fill(client, cloth, 2)
    first = order(client, cloth, key="tab", quantity=2)
    fill(client, cloth, 3)
    again = order(client, cloth, key="tab", quantity=2)

    assert first.status_code == again.status_code == 302
    assert first["Location"] == again["Location"]
    assert client.get("/cart/").context["cart"].units == 3
    assert (Order.objects.count(), cloth.level()) == (1, (10, 2))


def test_a_second_tab_is_led_to_the_order_of_the_first(
    client: Client, cloth: Stocked, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(client, cloth)
    with monkeypatch.context() as patched:
        patched.setattr(UnpaidLimits, "take_ordered", lambda *_: None)  # the second comes before the first has ended
        order(client, cloth, key="one tab")

    second = order(client, cloth, key="another tab")

    placed = Order.objects.get()
    assert (second.status_code, second["Location"]) == (302, placed.get_absolute_url())
    page = client.get(second["Location"])
    assert "has been ordered already" in page.content.decode()
    assert client.get("/cart/").context["cart"].lines == ()


def quantities(client: Client) -> dict[str, int]:
    return {str(line.line.variant_id): line.line.quantity for line in client.get("/cart/").context["cart"].lines}


def test_what_was_changed_in_the_basket_is_what_goes_to_checkout(client: Client, cloth: Stocked, pot: Stocked) -> None:
    fill(client, cloth)
    fill(client, pot, 2)
    form = {f"quantity-{cloth.variant_id}": "3", f"quantity-{pot.variant_id}": "2", "next": "checkout"}
    answer = client.post("/cart/change/", form)
    assert (answer.status_code, answer["Location"]) == (302, "/checkout/")
    assert quantities(client) == {str(cloth.variant_id): 3, str(pot.variant_id): 2}


def test_removing_a_line_keeps_what_was_changed_in_the_others(client: Client, cloth: Stocked, pot: Stocked) -> None:
    fill(client, cloth)
    fill(client, pot)
    form = {f"quantity-{cloth.variant_id}": "4", f"quantity-{pot.variant_id}": "1", "remove": str(pot.variant_id)}
    assert client.post("/cart/change/", form)["Location"].startswith("/cart/#line-")
    assert quantities(client) == {str(cloth.variant_id): 4}


@pytest.mark.parametrize("entered", ["11", "1000", "-1", "two", ""])
def test_a_quantity_that_cannot_be_is_said_and_leads_to_no_checkout(
    client: Client, cloth: Stocked, pot: Stocked, entered: str
) -> None:
    fill(client, cloth)
    fill(client, pot)
    form = {f"quantity-{cloth.variant_id}": entered, f"quantity-{pot.variant_id}": "5", "next": "checkout"}
    answer = client.post("/cart/change/", form)
    assert answer["Location"].startswith("/cart/")
    assert [each.level_tag for each in client.get("/cart/").context["messages"]].count("error") == 1
    assert quantities(client) == {str(cloth.variant_id): 1, str(pot.variant_id): 5}


def test_a_page_of_the_version_before_changes_its_line(client: Client, cloth: Stocked) -> None:
    fill(client, cloth)
    client.post("/cart/change/", {"variant": str(cloth.variant_id), "quantity": "6"})
    assert quantities(client) == {str(cloth.variant_id): 6}
    client.post("/cart/change/", {"variant": str(cloth.variant_id), "quantity": "0"})
    assert quantities(client) == {}


def test_lines_that_are_not_in_the_basket_are_not_put_in_by_changing_it(client: Client, cloth: Stocked) -> None:
    client.post("/cart/change/", {f"quantity-{cloth.variant_id}": "6", "quantity-nonsense": "1", "remove": "nonsense"})
    assert quantities(client) == {}


def sign_in(client: Client, user: Any) -> None:
    client.post("/account/sign-in/", {"login": user.email, "password": "secret-pass-1"})


def test_no_line_is_lost_by_signing_in(client: Client, buyer: Any) -> None:
    own, shop = CartId.of_user(buyer.pk), uuid4()
    for number in range(100):
        store.write_line(own, CartLine(UUID(int=number + 1), 1, 1, 100))
    client.get("/cart/")
    guest = CartId.of_guest(signing.loads(client.cookies["kasuwa_cart"].value, salt="checkout.cart"))
    for number in range(60):
        store.write_line(guest, CartLine(UUID(int=number + 1_000), 1, 1, 100))
    sign_in(client, buyer)
    assert len(store.read_lines(own)) == 160
    assert store.read_lines(guest) == []
    with pytest.raises(TooManyLinesError):
        store.write_line(own, CartLine(shop, 1, 1, 100))


def test_what_finds_no_room_is_said_and_kept(client: Client, buyer: Any) -> None:
    own, variant = CartId.of_user(buyer.pk), uuid4()
    store.write_line(own, CartLine(variant, 1, 900, 100))
    client.get("/cart/")
    guest = CartId.of_guest(signing.loads(client.cookies["kasuwa_cart"].value, salt="checkout.cart"))
    store.write_line(guest, CartLine(variant, 1, 150, 100))
    sign_in(client, buyer)
    assert [line.quantity for line in store.read_lines(own)] == [999]
    assert [line.quantity for line in store.read_lines(guest)] == [51]
    assert "51 pieces that you chose before signing in" in client.get("/").content.decode()


@pytest.mark.parametrize(("pieces", "said"), [(1, "1 item"), (2, "2 items")])
def test_the_header_says_how_many_items_the_basket_has(client: Client, cloth: Stocked, pieces: int, said: str) -> None:
    fill(client, cloth, pieces)
    page = re.sub(
        '<span[^>]*aria-hidden="true"[^>]*>[^<]*</span>', "", client.get("/").content.decode()
    )  # seen, not read
    header = " ".join(re.sub("<[^>]+>", "", page).split())
    assert f"Basket{said} " in header


def test_a_guests_cart_lives_for_as_long_as_it_is_used(client: Client, cloth: Stocked) -> None:
    """A token is as good on day 40 as on the first; looking at the badge is use."""
    fill(client, cloth)
    cookie = client.cookies["kasuwa_cart"]
    assert int(cookie["max-age"]) == 400 * 24 * 3600
    key = CartId.of_guest(signing.loads(cookie.value, salt="checkout.cart"))
    redis.client().expire(key.key, 60)
    with time_machine.travel(timezone.now() + timedelta(days=40)):
        assert client.get("/").context["cart_count"] == 1
        assert quantities(client) == {str(cloth.variant_id): 1}
    assert all(redis.client().ttl(name) > 6 * 24 * 3600 for name in key.keys)
