"""A restored shop has the tracking of its parcels as the market knows it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from django_tenants.utils import schema_context

from checkout.fulfilling.advance_part import ship_part
from checkout.fulfilling.change_tracking import change_tracking
from checkout.fulfilling.undo_step import undo_step
from checkout.fulfilment.models import Shipment
from checkout.fulfilment.services import Parcel
from checkout.fulfilment.status import PartStatus
from tenants.archives import restore_archive
from tenants.models import ShopStatus
from tests.world.archives import exported, set_status
from tests.world.market import open_shop, stock, vendor_orders
from tests.world.own_shop import member, paid_order

pytestmark = pytest.mark.usefixtures("live_database")


def test_corrections_since_the_archive_are_kept(tmp_path: Path) -> None:
    shop, now = open_shop("indigo-fabrics"), timezone.now()
    actor_id = member(shop).pk
    stocked = stock(shop)
    corrected, undone, kept = (paid_order(stocked, now=now) for _ in range(3))
    for number in (corrected, undone, kept):
        ship_part(shop=shop, number=number, parcel=Parcel("Kwik", "NG1"), now=now)
    path = exported(shop, tmp_path / "shop.zip").path
    change_tracking(shop=shop, number=corrected, parcel=Parcel("Kwik", "NG2"), actor_id=actor_id, now=now)
    undo_step(shop=shop, number=undone, step=PartStatus.SHIPPED, actor_id=actor_id, now=now)
    set_status(shop, ShopStatus.SUSPENDED)
    restore_archive(path=path, now=now + timedelta(days=1), may_replace=True)
    with schema_context(shop.schema_name):
        numbers = dict(Shipment.objects.values_list("vendor_order__number", "tracking_number"))
    assert numbers == {corrected: "NG2", kept: "NG1"}
    statuses = {order.number: order.status for order in vendor_orders([shop])}
    assert statuses == {corrected: "shipped", undone: "new", kept: "shipped"}
