"""The audit compares the parcels of both records of an order, and the sent units of each line with its parcels."""

from __future__ import annotations

import pytest
from django.db import transaction
from django.utils import timezone
from django_tenants.utils import schema_context

from checkout.fulfilling.advance_part import deliver_part
from checkout.fulfilling.change_tracking import change_tracking
from checkout.fulfilling.deliver_parcels import deliver_parcel
from checkout.fulfilling.send_parcel import send_parcel
from checkout.fulfilment.models import Shipment, VendorOrderLine
from checkout.fulfilment.services import Parcel
from checkout.models import SubOrder
from payouts.audit import run_audit
from tests.world.ledger import run
from tests.world.market import Stocked, open_shop, stock
from tests.world.own_shop import member, paid_order

pytestmark = pytest.mark.django_db
CHECKS = {"parcels", "sent_units", "vendor_orders"}
IN_SHOP = "UPDATE shop_cloth_hall.fulfilment_shipment SET {} WHERE number = 1"
BREAKS = (
    ("parcels", IN_SHOP.format("carrier = 'Kwik'")),
    ("parcels", IN_SHOP.format("tracking_number = 'GIG-2'")),
    ("parcels", IN_SHOP.format("tracking_url = 'https://kwik.example/'")),
    ("parcels", IN_SHOP.format("delivered_at = NULL")),
    ("parcels", "UPDATE shop_cloth_hall.fulfilment_shipment SET delivered_at = now()"),
    ("parcels", "DELETE FROM shop_cloth_hall.fulfilment_shipment WHERE number = 2"),
    ("parcels", "UPDATE checkout_suborder SET parcels = parcels - 1"),
    ("parcels", "UPDATE checkout_suborder SET parcels = jsonb_set(parcels, '{0,carrier}', '\"Kwik\"')"),
    ("parcels", "UPDATE checkout_suborder SET parcels = jsonb_set(parcels, '{1,delivered_at}', '\"2026-03-02\"')"),
    (
        "parcels",
        (
            "UPDATE shop_cloth_hall.fulfilment_shipment AS one SET lines = other.lines"
            " FROM shop_cloth_hall.fulfilment_shipment AS other WHERE other.number = 3 - one.number"
        ),
    ),
    ("sent_units", "UPDATE shop_cloth_hall.fulfilment_vendororderline SET sent_quantity = 2"),
    ("sent_units", "UPDATE shop_cloth_hall.fulfilment_shipment SET lines = '{}' WHERE number = 2"),
)


@pytest.fixture
def cloth(db: None) -> Stocked:
    return stock(open_shop("cloth-hall"))


@pytest.fixture
def number(cloth: Stocked) -> str:
    """An order of three units: one has arrived, two are on their way in another parcel."""
    number = paid_order(cloth, quantity=3)
    gig, now = Parcel("GIG", "GIG-1", "https://gig.example/1"), timezone.now()
    send_parcel(shop=cloth.shop, number=number, parcel=gig, lines={cloth.variant_id: 1}, now=now)
    deliver_parcel(shop=cloth.shop, number=number, parcel=1, now=now)
    send_parcel(shop=cloth.shop, number=number, parcel=Parcel("Kwik", "K-1"), now=now)
    return number


def off() -> set[str]:
    """Return the checks of orders and parcels that find something."""
    report = run_audit(with_provider=False, now=timezone.now())
    return {result.name for result in report.results if result.total} & CHECKS


def test_each_difference_is_found(number: str) -> None:
    assert off() == set()
    for check, statement in BREAKS:
        with transaction.atomic():
            run(statement)
            assert check in off(), statement
            transaction.set_rollback(True)
    assert off() == set()


def test_a_finding_names_the_order_and_both_records(number: str) -> None:
    run(BREAKS[1][1])
    report = run_audit(with_provider=False, now=timezone.now())
    [finding] = [each for result in report.results for each in result.findings if result.name == "parcels"]
    assert finding.subject == f"parcels of vendor order {number} at cloth-hall"
    assert finding.expected.startswith("parcel 1: 1 units, delivered, GIG · GIG-1, https://gig.example/1; parcel 2: 2")
    assert finding.found.startswith("parcel 1: 1 units, delivered, GIG · GIG-2")


def test_parcels_of_an_earlier_release_are_the_same_before_and_after_they_arrive(cloth: Stocked) -> None:
    number, now = paid_order(cloth, quantity=2), timezone.now()
    send_parcel(shop=cloth.shop, number=number, parcel=Parcel("GIG", "GIG-1"), now=now)
    SubOrder.objects.update(parcels=[])
    with schema_context(cloth.shop.schema_name):
        Shipment.objects.update(lines={})
        VendorOrderLine.objects.update(sent_quantity=0)
    assert off() == set()

    change_tracking(
        shop=cloth.shop, number=number, parcel=Parcel("GIG", "GIG-2"), actor_id=member(cloth.shop).pk, now=now
    )
    assert off() == set()
    deliver_part(shop=cloth.shop, number=number, now=now)
    assert off() == set()
