"""Delivery is priced by zone and method: worked examples of docs/delivery.md, and what holds for any basket."""

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.selectors.offers import Offer
from checkout.fulfilment.models import MethodKind
from checkout.pricing.adjustments import Adjustment, AdjustmentKind, Funder
from checkout.pricing.choices import NO_CHOICES, Choices
from checkout.pricing.delivery.methods import cheapest_to, find_delivery
from checkout.pricing.delivery.places import Destination
from checkout.pricing.lines import CartLine
from checkout.pricing.quote import QuotedPart, quote
from checkout.pricing.quoted_lines import LineProblem
from checkout.pricing.terms import Terms
from checkout.pricing.terms.delivery import Band, DeliveryTerms, MethodTerms, ZoneTerms
from tenants.shops.selectors import ShopFacts
from tests.world.clock import NOW

SHOP = ShopFacts(1, "shop_1", "cloth", "Cloth", "live", "NGN", 150_000, 800, "", None, "")
FLAT, WEIGHT, VALUE, PICKUP = MethodKind.FLAT, MethodKind.WEIGHT, MethodKind.VALUE, MethodKind.PICKUP
RIDER = MethodTerms("rider", "Rider", FLAT, 120_000, free_from_minor=5_000_000, handling_days=1, transit_days=(0, 1))
VAN = MethodTerms("van", "Van", WEIGHT, bands=(Band(1_000, 90_000), Band(5_000, 200_000)))
COUNTER = MethodTerms("counter", "", PICKUP, 0, details="12 Allen Avenue, 9 to 5")
PARCEL = MethodTerms("parcel", "Parcel", VALUE, bands=(Band(1_000_000, 250_000), Band(None, 300_000)))
POST = MethodTerms("post", "", FLAT)


def zone(name: str, country: str, subs: set[str], towns: set[str], *methods: MethodTerms) -> ZoneTerms:
    return ZoneTerms(name, name, country, frozenset(subs), frozenset(towns), methods)


TERMS = DeliveryTerms(
    (
        zone("ikeja", "NG", {"NG-LA"}, {"ikeja"}, COUNTER, RIDER),
        zone("lagos", "NG", {"NG-LA"}, set(), RIDER, VAN),
        zone("nigeria", "NG", set(), set(), PARCEL),
        zone("ghana", "GH", set(), set(), POST),
    )
)


def part(
    place: Destination | None,
    *,
    price: int = 600_000,
    quantity: int = 1,
    grams: int = 0,
    choices: Choices = NO_CHOICES,
    terms: DeliveryTerms = TERMS,
) -> QuotedPart:
    key = UUID(int=1)
    offer = Offer(key, key, "SKU", "Tote", {}, price, 99, is_on_sale=True, image="", weight_g=grams)
    lines = [CartLine(key, 1, quantity, price)]
    quoted = quote(
        lines=lines,
        shops={1: SHOP},
        offers={key: offer},
        terms={1: Terms(delivery=terms)},
        address=place,
        choices=choices,
        now=NOW,
    )
    return quoted.parts[0]


@pytest.mark.parametrize(
    ("place", "method", "price_minor"),
    [
        (Destination("NG", "Lagos", "IKEJA"), "rider", 120_000),  # a pick-up is never chosen for the buyer
        (Destination("NG", "Lagos State", "Surulere"), "van", 90_000),
        (Destination("NG", "NG-LA"), "van", 90_000),
        (Destination("NG", "Kano", "Ikeja"), "parcel", 250_000),
        (Destination("NG", "somewhere"), "parcel", 250_000),
        (Destination("GH", "Ashanti"), "post", 150_000),  # no price of its own: the shop's standard rate
    ],
)
def test_the_closest_zone_and_its_cheapest_method_are_charged(
    place: Destination, method: str, price_minor: int
) -> None:
    found = part(place)
    assert found.delivery.chosen is not None
    assert (found.delivery.chosen.id, found.amounts.shipping_minor) == (method, price_minor)
    assert not found.delivery.is_estimate


@pytest.mark.parametrize("place", [Destination("KE", "Nairobi"), Destination("CI")])
def test_a_place_in_no_zone_is_not_delivered_to_and_costs_nothing(place: Destination) -> None:
    found = part(place)
    assert [line.problem for line in found.lines] == [LineProblem.NOT_DELIVERED]
    assert (found.counted, found.amounts.total_minor, found.pause) == ((), 0, LineProblem.NOT_DELIVERED)


@pytest.mark.parametrize(
    ("grams", "quantity", "method", "price_minor"),
    [
        (500, 2, "van", 90_000),  # a step holds with its very bound
        (501, 2, "rider", 120_000),  # the van's next step costs more
        (5_001, 1, "rider", 120_000),
    ],
)
def test_weight_decides_by_all_units(grams: int, quantity: int, method: str, price_minor: int) -> None:
    found = part(Destination("NG", "Lagos"), grams=grams, quantity=quantity)
    assert found.delivery.chosen is not None
    assert (found.delivery.chosen.id, found.amounts.shipping_minor) == (method, price_minor)


def test_what_is_too_heavy_for_every_method_is_not_delivered() -> None:
    terms = DeliveryTerms((zone("lagos", "NG", {"NG-LA"}, set(), VAN),))
    found = part(Destination("NG", "Lagos"), grams=5_001, terms=terms)
    assert found.pause is LineProblem.NOT_DELIVERED


HEAVY, LIGHT = (5_001, 600_000), (800, 600_000)


@pytest.mark.parametrize(
    ("methods", "sizes", "outcome"),
    [
        ((VAN,), [LIGHT], (True, 90_000, True)),
        ((VAN,), [(1_001, 1)], (True, 200_000, False)),  # only its last step takes even one
        ((VAN,), [HEAVY], (False, None, False)),
        ((VAN,), [HEAVY, LIGHT], (True, 90_000, True)),  # a lighter variant can be sent
        ((VAN, RIDER), [HEAVY], (True, 120_000, True)),
        ((VAN, COUNTER), [HEAVY], (True, 0, False)),  # it can be fetched
        ((PARCEL,), [(0, 1_000_001)], (True, 300_000, False)),
    ],
    ids=range(7),
)
def test_a_products_page_promises_what_a_single_piece_can_be_sent_by(
    methods: tuple[MethodTerms, ...], sizes: list[tuple[int, int]], outcome: tuple[bool, int | None, bool]
) -> None:
    terms = DeliveryTerms((zone("lagos", "NG", {"NG-LA"}, set(), *methods),))
    for place in (Destination("NG", "Lagos"), None):
        found = cheapest_to(terms, place, standard_minor=150_000, sizes=sizes, now=NOW)
        assert (found.is_delivered, found.price_minor, found.is_estimate) == outcome
        assert found.is_too_much is not found.is_delivered
    nowhere = cheapest_to(terms, Destination("KE"), standard_minor=150_000, sizes=sizes, now=NOW)
    assert (nowhere.is_delivered, nowhere.is_too_much) == (False, False)


def test_the_buyers_choice_is_charged_and_a_gone_one_is_said() -> None:
    here = Destination("NG", "Lagos", "Ikeja")
    fetched = part(here, choices=Choices(delivery={"cloth": "counter"}))
    assert (fetched.amounts.shipping_minor, [each.label for each in fetched.adjustments]) == (0, ["Pick-up"])
    gone = part(here, choices=Choices(delivery={"cloth": "van"}))
    assert gone.delivery.is_choice_gone
    assert gone.amounts.shipping_minor == 120_000


def test_free_from_and_value_count_what_is_left_after_discounts() -> None:
    basis = part(Destination("NG", "Lagos", "Ikeja"), price=5_000_000).basis
    assert basis is not None
    off = Adjustment(AdjustmentKind.DISCOUNT, "SALE", "Sale", Funder.SHOP, -1)
    whole, less = find_delivery(basis).chosen, find_delivery(basis, [off]).chosen
    assert whole is not None
    assert less is not None
    assert (whole.price_minor, less.price_minor) == (0, 120_000)
    kano = part(Destination("NG", "Kano"), price=1_000_001).basis
    assert kano is not None
    dear, cheap = find_delivery(kano).chosen, find_delivery(kano, [off]).chosen
    assert dear is not None
    assert cheap is not None
    assert (dear.price_minor, cheap.price_minor) == (300_000, 250_000)


def test_dates_are_handling_and_transit_from_today_and_untold_without_handling() -> None:
    chosen = part(Destination("NG", "Lagos", "Ikeja")).delivery.chosen
    assert chosen is not None
    today = NOW.date()
    assert chosen.arrives_on == (date.fromordinal(today.toordinal() + 1), date.fromordinal(today.toordinal() + 2))
    post = part(Destination("GH")).delivery.chosen
    assert post is not None
    assert (post.earliest_on, post.latest_on) == (None, None)


def test_without_a_destination_the_cheapest_of_all_zones_is_an_estimate() -> None:
    found = part(None)
    assert found.delivery.chosen is not None
    assert (found.delivery.chosen.id, found.delivery.is_estimate) == ("van", True)
    everywhere = part(None, terms=DeliveryTerms((zone("all", "", set(), set(), POST),)))
    assert not everywhere.delivery.is_estimate


PLACES = st.sampled_from(
    [
        None,
        Destination("NG", "Lagos", "Ikeja"),
        Destination("NG", "Lagos"),
        Destination("NG", "Kano", "Kano"),
        Destination("GH"),
        Destination("KE"),
    ]
)


@given(
    place=PLACES,
    price=st.integers(1, 10**8),
    quantity=st.integers(1, 50),
    grams=st.integers(0, 3_000),
    asked=st.sampled_from(["", "rider", "van", "counter", "parcel", "post", "gone"]),
)
def test_a_part_is_charged_one_offered_method_or_nothing_at_all(
    place: Destination | None, price: int, quantity: int, grams: int, asked: str
) -> None:
    found = part(place, price=price, quantity=quantity, grams=grams, choices=Choices(delivery={"cloth": asked}))
    chosen = found.delivery.chosen
    if chosen is None:
        assert (found.amounts.total_minor, found.counted) == (0, ())
        return
    assert chosen in found.delivery.methods
    assert found.amounts.shipping_minor == chosen.price_minor >= 0
    assert found.amounts.total_minor == price * quantity + chosen.price_minor
    offered = {each.id for each in found.delivery.methods}
    assert (chosen.id == asked) == (asked in offered)
    if asked not in offered and not chosen.is_pickup:
        assert chosen.price_minor == min(each.price_minor for each in found.delivery.methods if not each.is_pickup)


def test_a_zone_covers_no_place_of_another_country() -> None:
    lagos = replace(TERMS.zones[1], country="GH")
    assert part(Destination("NG", "Lagos"), terms=DeliveryTerms((lagos,))).counted == ()
