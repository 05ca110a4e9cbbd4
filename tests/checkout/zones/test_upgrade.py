"""A market of the release before zones goes on: flat rates as one zone, and baskets, orders and archives with them."""

from __future__ import annotations

from pathlib import Path

import pytest
from django_tenants.utils import schema_context

from checkout.cart import store
from checkout.cart.change_coupons import quote_cart
from checkout.cart.store import CartId
from checkout.fulfilment.models import VendorOrder
from checkout.fulfilment.services.zones import STANDARD_ZONE, read_zones
from checkout.models import SubOrder
from checkout.placing.check_out import check_out
from checkout.pricing.coupons.facts import NOBODY
from checkout.zones.change_zones import add_zone
from tenants.archives import restore_archive
from tenants.models import ShopStatus
from tenants.schemas.migrations import migrate_outdated_shops, migrate_public, shops_state
from tests.checkout.test_amounts_upgrade import LATER, WHOLE, amounts_of, go_back, old_process_orders
from tests.checkout.zones.test_zones import LAGOS
from tests.world.archives import exported, set_status
from tests.world.clock import NOW
from tests.world.market import Stocked, open_shop, order_request, stock

pytestmark = pytest.mark.usefixtures("live_database")
ADA = CartId.of_user(7)
RATE = 150_000


@pytest.fixture
def cloth(live_database: str) -> Stocked:
    return stock(open_shop("indigo-fabrics"))


def go_back_before_zones(cloth: Stocked) -> None:
    go_back("public", ("checkout", "0025_frozen_tax"))
    go_back(cloth.shop.schema_name, ("fulfilment", "0004_tax_registration"))


def test_flat_rates_baskets_and_orders_go_on_while_shops_are_upgraded(cloth: Stocked) -> None:
    go_back_before_zones(cloth)
    before = old_process_orders(cloth)
    store.write_line(ADA, cloth.line(2))

    assert migrate_public() >= 1
    between = old_process_orders(cloth)  # a process of the release before still serves
    assert migrate_outdated_shops() == 1
    after = old_process_orders(cloth)

    for part_id in (before, between, after):
        assert amounts_of(cloth, part_id) == {WHOLE}
        assert SubOrder.objects.get(pk=part_id).chosen_delivery is None
    assert read_zones(schema_name=cloth.shop.schema_name) == [STANDARD_ZONE]
    quoted = quote_cart(ADA, buyer=NOBODY, now=NOW).amounts
    assert (quoted.items_minor, quoted.shipping_minor) == (2 * cloth.price_minor, RATE)
    bought = check_out(cart=ADA, request=order_request(expected=quoted.total_minor), now=NOW).order
    assert bought.total_minor == quoted.total_minor


def test_an_archive_of_before_is_restored_and_delivers_everywhere_at_the_flat_rate(
    cloth: Stocked, tmp_path: Path
) -> None:
    go_back(cloth.shop.schema_name, ("fulfilment", "0004_tax_registration"))
    part_id = old_process_orders(cloth)
    SubOrder.objects.update(status="cancelled")
    path = exported(cloth.shop, tmp_path / "shop.zip").path
    migrate_outdated_shops()
    add_zone(shop=cloth.shop, zone=LAGOS, actor_id=None, now=NOW)
    with schema_context(cloth.shop.schema_name):
        VendorOrder.objects.all().delete()
    set_status(cloth.shop, ShopStatus.SUSPENDED)

    restore_archive(path=path, now=LATER, may_replace=True)

    assert shops_state().outdated == ()
    assert amounts_of(cloth, part_id) == {WHOLE}
    assert read_zones(schema_name=cloth.shop.schema_name) == [STANDARD_ZONE]
    set_status(cloth.shop, ShopStatus.LIVE)
    store.write_line(ADA, cloth.line(1))
    assert quote_cart(ADA, buyer=NOBODY, now=NOW).amounts.shipping_minor == RATE
