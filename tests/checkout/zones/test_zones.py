"""Delivery zones: checked, stored with the shop's terms, kept by orders, restored and copied with the shop."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from django.db import IntegrityError, transaction
from django_tenants.utils import schema_context

from checkout.errors import (
    DeliveryMethodGoneError,
    DeliveryZoneNotFoundError,
    LastZoneError,
    NotDeliveredError,
    PriceChangedError,
)
from checkout.fulfilment.models import DeliveryMethod, DeliveryZone, MethodKind
from checkout.fulfilment.services.zones import STANDARD_ZONE, Method, Zone, read_zones
from checkout.models import Order, ShopTerms, SubOrder
from checkout.placing.request import OrderRequest
from checkout.pricing.choices import Choices
from checkout.pricing.delivery.places import Destination
from checkout.pricing.reading import read_quote
from checkout.zones import checking as checking_module
from checkout.zones.change_zones import add_zone, change_zone, remove_zone, zone_version
from checkout.zones.following import copy_zones
from kit.errors import InvalidInputError
from kit.web.versions import ChangedMeanwhileError
from payouts.audit import run_audit
from tenants.models import Shop, ShopEvent
from tests.world.clock import NOW
from tests.world.market import ADDRESS, Stocked, buy, open_shop, order_request, stock, vendor_orders

LAGOS = Zone(name="Lagos", country="NG", subdivisions=("NG-LA",), methods=(Method(price_minor=50_000),))
OTHER = replace(LAGOS, id=UUID(int=5), methods=(Method(),))
GHANA = Destination("GH", "Ashanti")


@pytest.fixture
def cloth(db: None) -> Stocked:
    return stock(open_shop("cloth-hall"))


@pytest.fixture
def pot(db: None) -> Stocked:
    return stock(open_shop("pot-house"), sku="POT-1", price_minor=640_000)


def add(shop: Shop, zone: Zone = LAGOS) -> Zone:
    return add_zone(shop=shop, zone=zone, actor_id=None, now=NOW)


def only_lagos(shop: Shop) -> Zone:
    zone = add(shop)
    remove_zone(shop=shop, zone_id=STANDARD_ZONE.id, actor_id=None, now=NOW)
    return zone


def going_to(address: Any, **changes: Any) -> OrderRequest:
    there = replace(ADDRESS, country=address.country, state=address.state)
    return replace(order_request(), shipping_address=there, **changes)


def findings(name: str) -> list[str]:
    results = run_audit(with_provider=False, now=NOW).results
    return [each.subject for result in results if result.name == name for each in result.findings]


def test_a_shop_without_zones_has_one_everywhere_at_its_rate(cloth: Stocked) -> None:
    assert read_zones(schema_name=cloth.shop.schema_name) == [STANDARD_ZONE]
    assert not ShopTerms.objects.exists()
    for place in (None, GHANA, Destination("NG", "Lagos")):
        [part] = read_quote([cloth.line()], now=NOW, address=place).parts
        assert (part.amounts.shipping_minor, part.delivery.is_estimate) == (150_000, False)


def test_the_first_zone_keeps_the_standard_one_beside_it(cloth: Stocked) -> None:
    add(cloth.shop)
    assert [zone.name for zone in read_zones(schema_name=cloth.shop.schema_name)] == ["", "Lagos"]
    fees = {
        place: read_quote([cloth.line()], now=NOW, address=place).amounts.shipping_minor
        for place in (GHANA, Destination("NG", "Lagos"))
    }
    assert list(fees.values()) == [150_000, 50_000]
    assert findings("shop_zones") == findings("shop_terms") == []
    assert ShopEvent.objects.filter(shop_id=cloth.shop.pk, subject="delivery zone added").exists()


def test_the_standard_rate_goes_on_to_follow_the_shops_setting(cloth: Stocked) -> None:
    add(cloth.shop)
    Shop.objects.filter(pk=cloth.shop.pk).update(shipping_minor=99_000)
    assert read_quote([cloth.line()], now=NOW, address=GHANA).amounts.shipping_minor == 99_000


def test_a_change_keeps_ids_and_is_refused_from_an_old_version(cloth: Stocked) -> None:
    zone = add(cloth.shop)
    seen = zone_version(zone)

    def cheaper(current: Zone) -> Zone:
        return replace(current, methods=(replace(current.methods[0], price_minor=40_000),))

    ask: dict[str, Any] = {"shop": cloth.shop, "zone_id": zone.id, "actor_id": None, "now": NOW}
    changed = change_zone(**ask, revise=cheaper, seen=seen)
    assert [method.id for method in changed.methods] == [method.id for method in zone.methods]
    with pytest.raises(ChangedMeanwhileError):
        change_zone(**ask, revise=lambda current: replace(current, name="X"), seen=seen)
    assert read_zones(schema_name=cloth.shop.schema_name)[1] == changed


def test_the_last_zone_and_an_unknown_one_are_not_removed(cloth: Stocked) -> None:
    with pytest.raises(LastZoneError):
        remove_zone(shop=cloth.shop, zone_id=STANDARD_ZONE.id, actor_id=None, now=NOW)
    with pytest.raises(DeliveryZoneNotFoundError):
        remove_zone(shop=cloth.shop, zone_id=UUID(int=9), actor_id=None, now=NOW)
    assert read_zones(schema_name=cloth.shop.schema_name) == [STANDARD_ZONE]


PICKUP = Method(kind=MethodKind.PICKUP)
REFUSED: list[tuple[Zone, str]] = [
    (replace(LAGOS, country="XX"), "country"),
    (replace(LAGOS, subdivisions=("GH-AH",)), "subdivisions"),
    (replace(LAGOS, country="", subdivisions=(), towns=("Ikeja",)), "towns"),
    (replace(LAGOS, country=""), "subdivisions"),
    (replace(LAGOS, towns=("",)), "towns"),
    (replace(LAGOS, towns=tuple(f"Town {number}" for number in range(501))), "towns"),
    (replace(LAGOS, country="", subdivisions=()), "country"),  # the standard zone is everywhere
    (replace(LAGOS, methods=()), "methods"),
    (replace(LAGOS, methods=tuple(Method() for _ in range(11))), "methods"),
    (replace(LAGOS, methods=(Method(price_minor=-1),)), "methods"),
    (replace(LAGOS, methods=(Method(kind="drone"),)), "methods"),
    (replace(LAGOS, methods=(Method(free_from_minor=0),)), "methods"),
    (replace(LAGOS, methods=(Method(handling_days=91),)), "methods"),
    (replace(LAGOS, methods=(Method(transit_least_days=3, transit_most_days=2),)), "methods"),
    (replace(LAGOS, methods=(Method(kind="weight"),)), "methods"),
    (replace(LAGOS, methods=(Method(kind="weight", bands=((500, 1), (500, 2))),)), "methods"),
    (replace(LAGOS, methods=(Method(kind="weight", bands=((None, 1), (500, 2))),)), "methods"),
    (replace(LAGOS, methods=(Method(kind="weight", bands=((0, 1),)),)), "methods"),
    (replace(LAGOS, methods=(Method(kind="weight", bands=((500, -1),)),)), "methods"),
    (replace(LAGOS, methods=(Method(kind="value", bands=((500, 1),)),)), "methods"),
    (replace(LAGOS, methods=(PICKUP,)), "methods"),
]


@pytest.mark.parametrize(("zone", "field"), REFUSED)
def test_a_zone_that_cannot_work_is_refused_and_nothing_changes(cloth: Stocked, zone: Zone, field: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        add(cloth.shop, zone)
    assert field in refused.value.details
    assert read_zones(schema_name=cloth.shop.schema_name) == [STANDARD_ZONE]
    assert not ShopTerms.objects.exists()


def test_faults_of_methods_stand_under_their_places(cloth: Stocked) -> None:
    with pytest.raises(InvalidInputError) as refused:
        add(cloth.shop, replace(LAGOS, methods=(Method(), PICKUP)))
    assert {place: set(wrong) for place, wrong in refused.value.details["methods"].items()} == {"1": {"details"}}


@pytest.mark.parametrize(
    ("second", "is_refused"),
    [
        (replace(OTHER, subdivisions=("NG-OG", "NG-LA")), True),
        (replace(OTHER, subdivisions=("NG-OG",)), False),
        (replace(OTHER, towns=("Ikeja",)), False),  # a closer level comes first
        (replace(OTHER, subdivisions=()), False),
    ],
)
def test_two_zones_of_a_level_share_no_place(cloth: Stocked, second: Zone, is_refused: bool) -> None:
    add(cloth.shop)
    if is_refused:
        with pytest.raises(InvalidInputError, match=r"."):
            add(cloth.shop, second)
    else:
        add(cloth.shop, second)
    assert len(read_zones(schema_name=cloth.shop.schema_name)) == 2 + (not is_refused)


def test_towns_are_kept_once_however_they_are_written(cloth: Stocked) -> None:
    zone = add(cloth.shop, replace(LAGOS, towns=("Ikeja", " IKEJA ", "Victoria  Island")))
    assert zone.towns == ("IKEJA", "Victoria Island")


def test_an_order_keeps_its_method_in_both_records_when_the_zone_goes(cloth: Stocked) -> None:
    method = Method(name="Rider", price_minor=50_000, handling_days=1, transit_most_days=2)
    zone = only_lagos(cloth.shop)
    change_zone(
        shop=cloth.shop,
        zone_id=zone.id,
        revise=lambda current: replace(current, methods=(method,)),
        actor_id=None,
        now=NOW,
    )
    buy(cloth.line())
    part, [record] = SubOrder.objects.get(), vendor_orders([cloth.shop])
    assert part.delivery == record.delivery
    assert (part.delivery["method_id"], part.delivery["name"], part.shipping_minor) == (str(method.id), "Rider", 50_000)
    assert part.delivery["earliest_on"] < part.delivery["latest_on"]


def test_an_address_outside_is_refused_until_the_rest_was_seen(cloth: Stocked, pot: Stocked) -> None:
    only_lagos(cloth.shop)
    with pytest.raises(NotDeliveredError) as refused:
        buy(cloth.line(), pot.line(), request=going_to(GHANA))
    assert refused.value.details == {"shops": ["cloth-hall"], "total_minor": 790_000}
    assert not Order.objects.exists()
    assert cloth.level() == pot.level() == (10, 0)

    order = buy(cloth.line(), pot.line(), request=going_to(GHANA, expected_total_minor=790_000))
    assert [part.shop.slug for part in order.sub_orders.all()] == ["pot-house"]
    assert cloth.level() == (10, 0)


def test_a_basket_of_one_undelivered_shop_is_never_ordered(cloth: Stocked) -> None:
    only_lagos(cloth.shop)
    for expected in (None, 0):
        with pytest.raises(NotDeliveredError):
            buy(cloth.line(), request=going_to(GHANA, expected_total_minor=expected))


def test_a_chosen_method_is_charged_and_a_gone_one_is_refused(cloth: Stocked) -> None:
    express = Method(name="Express", price_minor=250_000)
    add(cloth.shop, replace(LAGOS, methods=(Method(price_minor=50_000), express)))
    chosen = Choices(delivery={"cloth-hall": str(express.id)})
    with pytest.raises(PriceChangedError):
        buy(cloth.line(), request=replace(order_request(expected=1_900_000), choices=chosen))
    order = buy(cloth.line(), request=replace(order_request(expected=2_100_000), choices=chosen))
    assert order.shipping_minor == 250_000
    with pytest.raises(DeliveryMethodGoneError):
        buy(cloth.line(), request=replace(order_request(), choices=Choices(delivery={"cloth-hall": "gone"})))


def test_a_method_for_a_shop_that_is_not_in_the_basket_is_refused(cloth: Stocked, pot: Stocked) -> None:
    for slug in ("cloth-hal", pot.shop.slug):
        chosen = Choices(delivery={slug: str(UUID(int=1))})
        with pytest.raises(DeliveryMethodGoneError) as refused:
            buy(cloth.line(), request=replace(order_request(), choices=chosen))
        assert refused.value.details == {"shops": [slug]}
        assert slug in refused.value.message
    assert not Order.objects.exists()


def test_a_clone_has_the_zones_and_terms_of_its_original(cloth: Stocked, pot: Stocked) -> None:
    add(cloth.shop)
    copy_zones(cloth.shop, pot.shop, lambda _: "", NOW)
    assert read_zones(schema_name=pot.shop.schema_name) == read_zones(schema_name=cloth.shop.schema_name)
    assert read_quote([pot.line()], now=NOW, address=ADDRESS).amounts.shipping_minor == 50_000
    assert findings("shop_zones") == []


def test_the_audit_finds_zones_that_were_changed_past_the_service(cloth: Stocked) -> None:
    add(cloth.shop)
    with schema_context(cloth.shop.schema_name):
        DeliveryMethod.objects.update(price_minor=1)
    assert findings("shop_zones") == ["shop cloth-hall"]


@pytest.mark.parametrize(
    ("write", "constraint"),
    [
        (lambda: DeliveryZone.objects.update(country=""), "zone_parts_are_of_a_country"),
        (lambda: DeliveryMethod.objects.update(kind="drone"), "method_kind_known"),
        (lambda: DeliveryMethod.objects.update(price_minor=-1), "method_price_not_negative"),
        (lambda: DeliveryMethod.objects.update(free_from_minor=0), "method_free_from_positive"),
        (lambda: DeliveryMethod.objects.update(transit_least_days=5), "method_transit_in_order"),
    ],
)
def test_the_database_refuses_zones_that_cannot_be(cloth: Stocked, write: Callable[[], Any], constraint: str) -> None:
    add(cloth.shop)
    with (
        schema_context(cloth.shop.schema_name),
        pytest.raises(IntegrityError, match=constraint),
        transaction.atomic(),
    ):
        write()


def test_a_shop_has_no_more_zones_than_it_may(cloth: Stocked, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("checkout.zones.change_zones.MOST_ZONES", 1)
    assert checking_module.MOST_ZONES > 1
    with pytest.raises(Exception, match="as many delivery zones"):
        add(cloth.shop)
