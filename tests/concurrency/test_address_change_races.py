"""A change of the delivery address beside packing: the parcel never has another address than its order."""

from __future__ import annotations

from dataclasses import replace
from threading import Barrier
from typing import Any
from uuid import UUID

import pytest
from django_tenants.utils import schema_context

from checkout.errors import AlreadyPackedError
from checkout.fulfilling import advance_part as advancing
from checkout.fulfilling.advance_part import pack_part
from checkout.fulfilment.models import VendorOrder
from checkout.fulfilment.services import addressing, mark_paid
from checkout.fulfilment.status import PartStatus
from checkout.models import Order, OrderStatus, ReversedBy, SubOrder
from checkout.readdressing import change_address as changing
from checkout.readdressing.judging import check_same_charges
from tests.world.clock import NOW
from tests.world.market import ADDRESS, buy, open_shop, stock
from tests.world.races import all_at_once

NEXT_DOOR = replace(ADDRESS, line1="14 Bode Thomas St")


@pytest.fixture
def paid(live_database: str) -> SubOrder:
    """A part that is to be packed."""
    item = stock(open_shop("indigo"))
    order = buy(item.line())
    part = SubOrder.objects.select_related("shop").get(order=order)
    mark_paid(schema_name=item.shop.schema_name, sub_order_id=part.pk, shop_id=item.shop.pk, now=NOW)
    SubOrder.objects.update(status=PartStatus.NEW, status_at=NOW)
    Order.objects.update(status=OrderStatus.PAID, paid_at=NOW)
    return part


def pack(part: SubOrder) -> str:
    pack_part(shop=part.shop, number=part.number, now=NOW)
    return "packed"


def move(part: SubOrder, line1: str = NEXT_DOOR.line1) -> str:
    address = replace(NEXT_DOOR, line1=line1)
    try:
        changing.change_address(changing.AddressChange(part.order_id, address, ReversedBy.BUYER), now=NOW)
    except AlreadyPackedError:
        return "refused"
    return "changed"


def records(part: SubOrder) -> tuple[str, str, str]:
    """Status and street in the shop's record, and the street of the order."""
    with schema_context(part.shop.schema_name):
        own = VendorOrder.objects.get()
    return own.status, own.shipping_address["line1"], Order.objects.get().shipping_address["line1"]


def test_a_part_is_packed_with_the_address_of_its_order(paid: SubOrder) -> None:
    acts = (pack, move)
    results = all_at_once(lambda number: acts[number](paid), 2)
    street = NEXT_DOOR.line1 if results["changed"] else ADDRESS.line1
    assert results["packed"] == 1
    assert records(paid) == ("packed", street, street)


def test_changes_at_once_are_made_one_after_the_other(paid: SubOrder) -> None:
    streets = ["1 Marina", "2 Marina", "3 Marina"]
    assert all_at_once(lambda number: move(paid, streets[number]), 3) == {"changed": 3}
    order = Order.objects.get()
    kept = [each["before"]["line1"] for each in order.address_changes]
    assert kept[0] == ADDRESS.line1
    assert sorted([*kept[1:], order.shipping_address["line1"]]) == streets


def test_without_the_locks_a_packed_part_goes_elsewhere(paid: SubOrder, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: the address is judged while the part is still to be packed, and written after it was."""
    judged, packed = Barrier(2), Barrier(2)
    real = check_same_charges

    def meets(**asked: Any) -> None:
        real(**asked)
        judged.wait(timeout=60)
        packed.wait(timeout=60)

    def unlocked(*, order_id: UUID) -> Order:
        return Order.objects.get(pk=order_id)

    def as_it_was(vendor_order_id: UUID) -> VendorOrder:
        record = VendorOrder.objects.get(pk=vendor_order_id)
        record.status = PartStatus.NEW
        return record

    def packs(part: SubOrder) -> str:
        judged.wait(timeout=60)
        done = pack(part)
        packed.wait(timeout=60)
        return done

    monkeypatch.setattr(changing, "check_same_charges", meets)
    monkeypatch.setattr(changing, "lock_order", unlocked)
    monkeypatch.setattr(advancing, "lock_order", unlocked)
    monkeypatch.setattr(addressing, "lock_record", as_it_was)
    acts = (packs, move)
    assert all_at_once(lambda number: acts[number](paid), 2) == {"packed": 1, "changed": 1}
    assert records(paid) == ("packed", NEXT_DOOR.line1, NEXT_DOOR.line1)
