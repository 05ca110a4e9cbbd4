"""The checkout page: sent twice, from two tabs, with a basket that was ordered already."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from checkout.models import Order
from checkout.placing.unpaid_limits import UnpaidLimits
from tests.market import Stocked, open_shop, stock

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
