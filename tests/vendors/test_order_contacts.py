"""A shop gets its buyer's e-mail address and phone number with the payment, and not before."""

from __future__ import annotations

from typing import Any

import pytest

from checkout.ending.end_orders import cancel_order
from checkout.models import SubOrder
from tests.world.clock import NOW
from tests.world.market import ADDRESS, buy, open_shop, stock
from tests.world.own_shop import api, member, page_client, paid_order

pytestmark = pytest.mark.django_db
CONTACTS = ("buyer@example.com", ADDRESS.phone)


@pytest.mark.parametrize("state", ["unpaid", "ended unpaid", "paid"])
def test_contacts_come_with_the_payment(state: str) -> None:
    cloth = stock(open_shop("cloth-hall"))
    if state == "paid":
        number = paid_order(cloth)
    else:
        order = buy(cloth.line())
        number = SubOrder.objects.get(order=order).number
        if state == "ended unpaid":
            cancel_order(order_id=order.pk, now=NOW)
    owner = member(cloth.shop)

    body: dict[str, Any] = api(cloth.shop, owner).get(f"/api/v1/vendor-orders/{number}/").json()["data"]
    page = page_client(cloth.shop, owner).get(f"/dashboard/orders/{number}/").content.decode()

    assert (body["buyer_email"], body["shipping_address"]["phone"]) == (CONTACTS if state == "paid" else ("", ""))
    assert body["shipping_address"]["name"] == ADDRESS.name
    for contact in (f"mailto:{CONTACTS[0]}", f"tel:{CONTACTS[1]}"):
        assert (contact in page) == (state == "paid")
    assert ("shown once the order is paid" in page) == (state != "paid")
