"""A market from before orders had their full set of amounts is upgraded in place, and goes on."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django_tenants.utils import schema_context

from checkout.fulfilment.models import VendorOrder
from checkout.models import Order, SubOrder
from checkout.pricing.amounts import Amounts
from kit.db.sql import fetch_all
from kit.ids import uuid7
from tenants.archives import restore_archive
from tenants.models import ShopStatus
from tenants.schemas.migration_state import forget_marks
from tenants.schemas.migrations import migrate_outdated_shops, migrate_public, shops_state
from tenants.schemas.quick_states import QuickExecutor
from tests.world.archives import exported, set_status
from tests.world.clock import NOW
from tests.world.market import Stocked, buy, open_shop, stock

pytestmark = pytest.mark.usefixtures("live_database")
LATER = NOW + timedelta(days=1)
NUMBERS = iter(range(1, 100))
# As the release before wrote them.
OLD_ORDER = """
INSERT INTO public.checkout_order (id, number, email, access_key, status, currency, items_minor, shipping_minor,
       total_minor, shipping_address, billing_address, placed_at, expires_at)
VALUES (%(order_id)s, %(number)s, 'ada@example.com', 'key', 'pending', 'NGN', 3700000, 150000, 3850000, %(address)s,
       %(address)s, now(), now())
"""
OLD_SUB_ORDER = """
INSERT INTO public.checkout_suborder (id, order_id, shop_id, number, status, currency, items_minor, shipping_minor,
       total_minor, commission_bps, commission_minor, lines, tracking, status_at)
VALUES (%(id)s, %(order_id)s, %(shop_id)s, %(number)s || '-1', 'pending', 'NGN', 3700000, 150000, 3850000, 800, 296000,
       '[]', '{}', now())
"""
OLD_RECORD = """
INSERT INTO fulfilment_vendororder (id, number, status, stock_state, buyer_name, buyer_email, shipping_address,
       currency, items_minor, shipping_minor, total_minor, placed_at, status_at)
VALUES (%(id)s, %(number)s || '-1', 'pending', 'released', 'Ada Obi', 'ada@example.com', %(address)s, 'NGN', 3700000,
       150000, 3850000, now(), now())
"""
WHOLE = Amounts("NGN", items_minor=3_700_000, shipping_minor=150_000)


@pytest.fixture
def cloth(live_database: str) -> Stocked:
    return stock(open_shop("indigo-fabrics"))


def go_back(schema_name: str, *targets: tuple[str, str]) -> None:
    """Give a schema the tables of the release before."""
    with schema_context(schema_name):
        QuickExecutor(connection).migrate(list(targets))
    forget_marks()  # as is said to whoever changes a schema by hand


def old_process_orders(cloth: Stocked) -> Any:
    """Insert an order, a part and a record as the release before did."""
    address = '{"name": "Ada Obi"}'
    values = {"id": uuid7(), "order_id": uuid7(), "shop_id": cloth.shop.pk, "number": f"KS-OLD-{next(NUMBERS)}"}
    with schema_context(cloth.shop.schema_name), connection.cursor() as cursor:
        for statement in (OLD_ORDER, OLD_SUB_ORDER, OLD_RECORD):
            cursor.execute(statement, {**values, "address": address})
    return values["id"]


def amounts_of(cloth: Stocked, part_id: Any) -> set[Amounts]:
    part = SubOrder.objects.select_related("order").get(pk=part_id)
    with schema_context(cloth.shop.schema_name):
        return {Amounts.of(part), Amounts.of(part.order), Amounts.of(VendorOrder.objects.get(pk=part_id))}


def test_orders_of_before_are_valid_and_an_older_process_goes_on(cloth: Stocked) -> None:
    go_back("public", ("checkout", "0002_payment_provider_is_named"))
    go_back(cloth.shop.schema_name, ("fulfilment", "0001_initial"))
    before = old_process_orders(cloth)

    assert migrate_public() >= 2
    between = old_process_orders(cloth)  # public has the columns, the shop does not yet
    assert shops_state().outdated == (cloth.shop.schema_name,)
    assert migrate_outdated_shops() == 1
    after = old_process_orders(cloth)

    for part_id in (before, between, after):
        assert amounts_of(cloth, part_id) == {WHOLE}
    assert all(part.adjustments == [] for part in SubOrder.objects.all())
    checked = fetch_all(
        "SELECT bool_and(convalidated), count(*) FROM pg_constraint"
        " WHERE conname ~ '_amounts_(not_negative|within)|_adds_up'"
    )
    assert checked == [(True, 13)]
    assert buy(cloth.line(2)).total_minor == 3_850_000
    assert Order.objects.count() == 4


def test_an_archive_of_before_is_restored_with_its_orders(cloth: Stocked, tmp_path: Path) -> None:
    go_back(cloth.shop.schema_name, ("fulfilment", "0001_initial"))
    part_id = old_process_orders(cloth)
    SubOrder.objects.update(status="cancelled")
    path = exported(cloth.shop, tmp_path / "shop.zip").path
    migrate_outdated_shops()
    with schema_context(cloth.shop.schema_name):
        VendorOrder.objects.all().delete()
    set_status(cloth.shop, ShopStatus.SUSPENDED)

    restore_archive(path=path, now=LATER, may_replace=True)

    assert shops_state().outdated == ()
    assert amounts_of(cloth, part_id) == {WHOLE}
