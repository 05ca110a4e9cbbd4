"""Orders that nobody pays end, and their stock comes back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django_tenants.utils import schema_context

from catalogue.models import StockMovement
from checkout.ending.end_orders import cancel_order
from checkout.ending.expire_orders import expire_reservations
from checkout.errors import OrderNotCancellableError
from checkout.fulfilment.models import VendorOrder, VendorOrderLine
from checkout.fulfilment.services import mark_paid
from checkout.models import Order, SubOrder
from kit.models import OutboxMessage
from tests.world.clock import NOW
from tests.world.market import Stocked, buy, open_shop, stock, vendor_orders

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(minutes=31)


@pytest.fixture
def cloth(db: None) -> Stocked:
    return stock(open_shop("cloth-hall"))


@pytest.fixture
def pot(db: None) -> Stocked:
    return stock(open_shop("pot-house"), sku="POT-1", price_minor=640_000)


def test_an_unpaid_order_ends_in_every_shop(cloth: Stocked, pot: Stocked) -> None:
    order = buy(cloth.line(2), pot.line(3))

    assert expire_reservations(now=LATER) == 1

    order.refresh_from_db()
    assert (order.status, order.ended_at) == ("expired", LATER)
    assert set(SubOrder.objects.values_list("status", flat=True)) == {"expired"}
    assert {record.stock_state for record in vendor_orders([cloth.shop, pot.shop])} == {"released"}
    assert (cloth.level(), pot.level()) == ((10, 0), (10, 0))
    assert expire_reservations(now=LATER) == 0


def test_what_is_not_overdue_stays(cloth: Stocked) -> None:
    buy(cloth.line(2))

    assert expire_reservations(now=NOW + timedelta(minutes=29)) == 0
    assert cloth.level() == (10, 2)


def test_cancelling_gives_stock_back_and_announces_what_was_sold_out(cloth: Stocked) -> None:
    order = buy(cloth.line(10))
    OutboxMessage.objects.all().delete()

    cancel_order(order_id=order.pk, now=NOW)

    assert cloth.level() == (10, 0)
    assert OutboxMessage.objects.get(topic="stock.changed").payload == {
        "shop_id": cloth.shop.pk,
        "variant_ids": [str(cloth.variant_id)],
    }


def test_a_paid_order_is_not_cancelled(cloth: Stocked) -> None:
    order = buy(cloth.line(2))
    Order.objects.update(status="paid", paid_at=NOW)

    with pytest.raises(OrderNotCancellableError):
        cancel_order(order_id=order.pk, now=NOW)

    assert cloth.level() == (10, 2)


def test_paying_takes_stock_off_the_shelf_once(cloth: Stocked) -> None:
    part = buy(cloth.line(2)).sub_orders.get()

    for _ in range(2):
        assert mark_paid(schema_name=cloth.shop.schema_name, sub_order_id=part.pk, shop_id=cloth.shop.pk, now=NOW)

    assert cloth.level() == (8, 0)
    with schema_context(cloth.shop.schema_name):
        assert list(StockMovement.objects.filter(kind="sale").values_list("quantity", "source")) == [(-2, part.number)]


def test_paying_late_takes_the_stock_again_if_it_is_there(cloth: Stocked) -> None:
    part = buy(cloth.line(4)).sub_orders.get()
    expire_reservations(now=LATER)
    buy(cloth.line(6), now=LATER)

    assert mark_paid(schema_name=cloth.shop.schema_name, sub_order_id=part.pk, shop_id=cloth.shop.pk, now=LATER)

    assert cloth.level() == (6, 6)
    assert OutboxMessage.objects.get(topic="stock.changed").payload == {
        "shop_id": cloth.shop.pk,
        "variant_ids": [str(cloth.variant_id)],
    }


def test_paying_late_for_what_is_sold_takes_nothing(cloth: Stocked) -> None:
    part = buy(cloth.line(4)).sub_orders.get()
    expire_reservations(now=LATER)
    buy(cloth.line(7), now=LATER)

    assert not mark_paid(schema_name=cloth.shop.schema_name, sub_order_id=part.pk, shop_id=cloth.shop.pk, now=LATER)

    assert cloth.level() == (10, 7)
    assert {record.status for record in vendor_orders([cloth.shop])} == {"unfulfillable", "pending"}


def test_an_order_that_cannot_be_ended_holds_up_no_other(cloth: Stocked, pot: Stocked) -> None:
    broken = buy(pot.line(1), now=NOW - timedelta(minutes=1))
    with schema_context(pot.shop.schema_name):
        VendorOrderLine.objects.all().delete()
        VendorOrder.objects.all().delete()
    order = buy(cloth.line(2))

    assert expire_reservations(now=LATER) == 1

    order.refresh_from_db()
    broken.refresh_from_db()
    assert (order.status, broken.status) == ("expired", "pending")
    assert cloth.level() == (10, 0)
