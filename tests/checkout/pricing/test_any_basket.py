"""Any basket over five shops, with any zones, automatic offers, coupons, tax and currencies; without a database.

A failure prints the example with a blob that repeats it (`@reproduce_failure`), and its seed.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import groupby
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalogue.selectors.offers import Offer
from checkout.fulfilment.models import MethodKind
from checkout.models import CouponKind, OfferKind
from checkout.placing.drafting import draft_order
from checkout.pricing.adjustments import Adjustment, AdjustmentKind, Funder, platform_discount_minor
from checkout.pricing.amounts import Amounts
from checkout.pricing.choices import Choices
from checkout.pricing.coupons.facts import CouponFacts
from checkout.pricing.lines import CartLine
from checkout.pricing.quote import Quote, QuotedPart, quote
from checkout.pricing.terms import Terms
from checkout.pricing.terms.delivery import EVERYWHERE, Band, DeliveryTerms, MethodTerms, ZoneTerms
from checkout.pricing.terms.offers import OfferTerms, Target, Tier
from checkout.pricing.terms.tax import TaxTerms
from kit.money import format_minor, is_whole_enough, smallest_unit
from payouts.commission import commission_of
from payouts.commission.rules import NO_RULES
from tests.checkout.pricing.test_coupons import COUPONS, SHOPS, baskets
from tests.world.clock import NOW
from tests.world.draws import drawn
from tests.world.market import order_request

Basket = tuple[list[CartLine], dict[UUID, Offer]]
EXAMPLES = 2_000


class Draws:
    """Values of one shop's terms by a seed: a draw of Hypothesis for each of them would take most of the time."""

    def __init__(self, seed: int, unit: int) -> None:
        self.random, self.unit = Random(seed), unit

    def money(self, most: int = 10**7, least: int = 1) -> int:
        return self.unit * self.random.randint(least, most)

    def bps(self) -> int:
        return self.random.choice([10_000, self.random.randint(1, 10_000)])

    def target(self) -> Target:
        products = [UUID(int=self.random.randint(1, 6)) for _ in range(self.random.randint(0, 3))]
        return Target(frozenset(products))

    def offer(self, number: int) -> OfferTerms:
        kind = self.random.choice(list(OfferKind))
        values: dict[str, Any] = {"id": str(number), "name": "Sale", "kind": kind, "target": self.target()}
        if kind is OfferKind.PRICE_CUT:
            asked = {UUID(int=self.random.randint(100, 999)): self.money() for _ in range(20)}
            values |= {"percent_bps": self.bps(), "asked_minor": asked}
        elif kind is OfferKind.BUY_GET:
            values |= {"percent_bps": self.bps(), "buys": self.random.randint(1, 4), "gives": self.random.randint(1, 3)}
            values["gives_of"] = self.random.choice([None, self.target()])
        else:
            values["tiers"] = self.tiers(kind)
        return OfferTerms(**values)

    def tiers(self, kind: OfferKind) -> tuple[Tier, ...]:
        steps = {self.money() if kind is OfferKind.SPEND else self.random.randint(1, 20) for _ in range(3)}
        return tuple(
            self.random.choice([Tier(least, percent_bps=self.bps()), Tier(least, amount_minor=self.money())])
            for least in sorted(steps)
        )

    def method(self, number: int) -> MethodTerms:
        kind = self.random.choice([MethodKind.FLAT, MethodKind.VALUE, MethodKind.PICKUP])
        is_banded = kind is MethodKind.VALUE
        return MethodTerms(
            id=str(number),
            name="Rider",
            kind=kind,
            price_minor=None if is_banded else self.random.choice([None, self.money(10**6, 0)]),
            bands=(Band(self.money(10**6), self.money(10**6, 0)), Band(None, self.money(10**6, 0)))
            if is_banded
            else (),
            free_from_minor=self.random.choice([None, self.money(10**6, 0)]),
        )

    def delivery(self) -> DeliveryTerms:
        """Zones with one or two methods each; some cover the buyer's country, others don't."""
        countries = self.random.sample(["NG", "GH"], self.random.randint(0, 2))
        everywhere = ZoneTerms("z", "", "", frozenset(), frozenset(), (self.method(1), self.method(2)))
        own = [ZoneTerms(each, each, each, frozenset(), frozenset(), (self.method(1),)) for each in countries]
        return self.random.choice([EVERYWHERE, DeliveryTerms((*own, everywhere)), DeliveryTerms(tuple(own))])

    def terms(self) -> Terms:
        country = self.random.choice(["", "", "NG", "GH", "CI"])
        tax = TaxTerms(country, "123456780001", prices_include_tax=self.random.random() < 0.5) if country else None
        own = tuple(self.offer(number) for number in range(self.random.randint(0, 3)))
        return Terms(delivery=self.delivery(), offers=own, tax=tax)


def terms_by_seeds(seeds: tuple[int, ...]) -> dict[int, Terms]:
    """Zones, offers and registrations of the five shops."""
    units = {shop_id: smallest_unit(shop.currency) for shop_id, shop in SHOPS.items()}
    return {shop_id: Draws(seed, units[shop_id]).terms() for shop_id, seed in zip(units, seeds, strict=True)}


TERMS = st.tuples(*(st.integers(0, 2**32 - 1) for _ in SHOPS)).map(terms_by_seeds)


def priced(basket: Basket, given: list[CouponFacts], known: dict[int, Terms]) -> Quote:
    codes = tuple(sorted({each.code for each in given}))
    lines, found = basket
    asked: dict[str, Any] = {
        "choices": Choices(coupons=codes, delivery={"s1": "2", "s2": "1"}),
        "coupons": given,
        "terms": known,
        "now": NOW,
    }
    return quote(lines=lines, shops=SHOPS, offers=found, address=order_request().shipping_address, **asked)


def judge_part(part: QuotedPart) -> None:
    """Judge that a part's figures sum to the unit, that none is below zero, and whose money each discount is."""
    kinds = {kind: [each for each in part.adjustments if each.kind is kind] for kind in AdjustmentKind}
    items = sum(line.total_minor for line in part.counted)
    discounts, off_delivery = (
        -total(kinds[kind]) for kind in (AdjustmentKind.DISCOUNT, AdjustmentKind.DELIVERY_DISCOUNT)
    )
    delivery, tax = total(kinds[AdjustmentKind.DELIVERY]), total(kinds[AdjustmentKind.TAX])
    added = 0 if part.amounts.prices_include_tax else tax
    assert part.amounts.total_minor == items - discounts + delivery - off_delivery + added
    assert 0 <= discounts <= items
    assert 0 <= off_delivery <= delivery
    assert tax >= 0
    assert is_whole_enough(part.amounts.total_minor, part.shop.currency)
    for line in part.counted:
        of_line = [each for each in kinds[AdjustmentKind.DISCOUNT] if each.variant_id == line.line.variant_id]
        assert 0 <= -total(of_line) <= line.total_minor
    order = [each.source.partition(":")[0] for each in kinds[AdjustmentKind.DISCOUNT]]
    assert order == sorted(order, key=("offer", "coupon").index)
    by_offers = [each for each in kinds[AdjustmentKind.DISCOUNT] if each.source.startswith("offer:")]
    assert {each.funded_by for each in by_offers} <= {Funder.SHOP}
    funded = {
        funder: -total([each for each in kinds[AdjustmentKind.DISCOUNT] if each.funded_by is funder])
        for funder in Funder
    }
    commission = commission_of(items_minor=items, shop_discount_minor=part.shop_discount_minor, rate_bps=800)
    assert commission == (items - funded[Funder.SHOP]) * 800 // 10_000
    assert part.amounts.total_minor + platform_discount_minor(part.adjustments) - commission >= 0


def total(adjustments: list[Adjustment]) -> int:
    return sum(each.amount_minor for each in adjustments)


@settings(max_examples=drawn(EXAMPLES), deadline=None, print_blob=True)
@given(basket=baskets(), given_coupons=COUPONS, known=TERMS, random=st.randoms(use_true_random=False))
def test_any_basket_sums_to_the_unit_in_any_order_and_is_charged_as_quoted(
    basket: Basket, given_coupons: list[CouponFacts], known: dict[int, Terms], random: Any
) -> None:
    quoted = priced(basket, given_coupons, known)
    for part in quoted.parts:
        judge_part(part)
    for whole in quoted.totals:
        summed = Amounts(currency=whole.currency)
        for part in quoted.parts:
            summed = summed + part.amounts if part.shop.currency == whole.currency else summed
        assert summed == whole
    lines, coupons = list(basket[0]), list(given_coupons)
    random.shuffle(lines)
    random.shuffle(coupons)
    assert priced((lines, basket[1]), coupons, known) == quoted
    for each in quoted.checkouts if quoted.counted else ():
        judge_charge(each)


def judge_charge(quoted: Quote) -> None:
    """Judge that the rows of an order have the figures that were quoted, in whole and by part."""
    draft = draft_order(number="KS-1", request=order_request(), quote=quoted, stations={}, ruleset=NO_RULES, now=NOW)
    assert (
        draft.order.total_minor == quoted.amounts.total_minor == sum(each.sub_order.total_minor for each in draft.parts)
    )
    assert (draft.payment.amount_minor if draft.payment else 0) == quoted.amounts.total_minor
    by_shop = {part.shop.id: part for part in quoted.parts}
    for each in draft.parts:
        part = by_shop[each.shop.id]
        assert each.sub_order.total_minor == part.amounts.total_minor == each.vendor_order.total_minor
        assert each.sub_order.platform_discount_minor == platform_discount_minor(part.adjustments)
        assert each.sub_order.adjustments == [adjustment.as_dict() for adjustment in part.adjustments]


def one(key: int, price: int, *, product: int = 1, quantity: int = 1) -> tuple[CartLine, Offer]:
    """A line of shop 1 with its offer."""
    variant = UUID(int=key)
    offer = Offer(variant, UUID(int=product), f"SKU-{key}", "Tote", {}, price, 50, is_on_sale=True, image="")
    return CartLine(variant, 1, quantity, price), offer


def shown(items: list[tuple[CartLine, Offer]], *own: OfferTerms, coupons: tuple[CouponFacts, ...] = ()) -> QuotedPart:
    basket = ([line for line, _ in items], {offer.variant_id: offer for _, offer in items})
    [part] = priced(basket, list(coupons), {1: Terms(offers=own)}).parts
    return part


def by_line(part: QuotedPart) -> dict[int, int]:
    found: dict[int, int] = {}
    for each in part.adjustments:
        if each.kind is AdjustmentKind.DISCOUNT and each.variant_id:
            found[each.variant_id.int] = found.get(each.variant_id.int, 0) + each.amount_minor
    return found


BUY_TWO = OfferTerms(id="1", name="Two and one", kind=OfferKind.BUY_GET, percent_bps=10_000, buys=2, gives=1)
TIERS = OfferTerms(
    id="2",
    name="More for more",
    kind=OfferKind.SPEND,
    tiers=(Tier(1_000_000, percent_bps=500), Tier(2_000_000, percent_bps=1_000)),
)


def test_the_cheapest_piece_is_free_and_pieces_beyond_a_group_pay() -> None:
    part = shown([one(1, 300_000, quantity=2), one(2, 200_000, product=2, quantity=2)], BUY_TWO)
    assert by_line(part) == {2: -200_000}
    assert [(hint.missing, hint.offer.name) for hint in part.offer_hints] == [(2, "Two and one")]


def test_given_pieces_may_be_other_goods() -> None:
    mug = Target(frozenset({UUID(int=2)}))
    offer = replace(BUY_TWO, target=Target(frozenset({UUID(int=1)})), gives_of=mug, percent_bps=5_000)
    assert by_line(shown([one(1, 300_000, quantity=5), one(2, 90_000, product=2, quantity=3)], offer)) == {2: -90_000}
    [hint] = shown([one(1, 300_000, quantity=2)], offer).offer_hints
    assert hint.missing == 1


@pytest.mark.parametrize(("price", "saved", "missing"), [(900_000, 0, 100_000), (1_000_000, 50_000, 1_000_000)])
def test_a_tier_counts_from_its_value_and_the_next_one_is_told(price: int, saved: int, missing: int) -> None:
    part = shown([one(1, price)], TIERS)
    assert part.amounts.discount_minor == saved
    assert [hint.missing for hint in part.offer_hints] == [missing]


def test_a_price_cut_shows_the_least_that_was_asked_and_never_more_than_todays_price() -> None:
    cut = OfferTerms(
        id="3", name="Eid", kind=OfferKind.PRICE_CUT, percent_bps=2_000, asked_minor={UUID(int=1): 100_000}
    )
    assert by_line(shown([one(1, 150_000)], cut)) == {1: -70_000}  # 80,000 is paid: a fifth below what was asked
    assert by_line(shown([one(1, 50_000)], cut)) == {1: -10_000}


def test_offers_come_before_coupons_whose_minimum_is_of_what_is_left() -> None:
    coupon = CouponFacts(
        id=UUID(int=9),
        code="TEN",
        shop_id=1,
        kind=CouponKind.PERCENT,
        percent_bps=1_000,
        currency="NGN",
        minimum_minor=500_000,
    )
    items = [one(1, 300_000, quantity=3)]
    part = shown(items, BUY_TWO, coupons=(coupon,))
    assert [each.amount_minor for each in part.adjustments[:2]] == [-300_000, -60_000]
    part = shown(items, BUY_TWO, coupons=(replace(coupon, minimum_minor=600_001),))
    assert part.amounts.discount_minor == 300_000


def test_a_shop_without_offers_that_hold_is_priced_as_before() -> None:
    past = replace(BUY_TWO, ends_at=NOW)
    assert by_line(shown([one(1, 300_000, quantity=3)], past)) == {}


DOCS = Path(__file__).resolve().parents[3] / "docs" / "pricing.md"
FIRST, SECOND = Target(frozenset({UUID(int=1)})), Target(frozenset({UUID(int=2)}))
TEN = CouponFacts(id=UUID(int=9), code="TEN", shop_id=1, kind=CouponKind.PERCENT, percent_bps=1_000, currency="NGN")
CUT = OfferTerms(id="3", name="Eid", kind=OfferKind.PRICE_CUT, percent_bps=2_000, asked_minor={UUID(int=1): 100_000})
# Lines as price and quantity, the offer, and coupons, by the name in the documentation.
EXAMPLES_OF_DOCS: dict[str, Any] = {
    "Buy 2, get 1 free": ([(300_000, 2), (200_000, 2)], BUY_TWO, ()),
    "Buy 2 of the first, get 1 of the second at 50 % off": (
        [(300_000, 5), (90_000, 3)],
        replace(BUY_TWO, target=FIRST, gives_of=SECOND, percent_bps=5_000),
        (),
    ),
    "5 % from ₦10,000, 10 % from ₦20,000": ([(1_000_000, 1)], TIERS, ()),
    "20 % off, asked before: ₦1,000, raised to ₦1,500": ([(150_000, 1)], CUT, ()),
    "Buy 2, get 1 free; then a coupon of 10 %": ([(300_000, 3)], BUY_TWO, (TEN,)),
}


@pytest.mark.parametrize("name", EXAMPLES_OF_DOCS)
def test_the_documented_figures_are_taken_off(name: str) -> None:
    lines, offer, coupons = EXAMPLES_OF_DOCS[name]
    items = [one(key, price, product=key, quantity=count) for key, (price, count) in enumerate(lines, start=1)]
    part = shown(items, offer, coupons=coupons)
    [row] = [line for line in DOCS.read_text().splitlines() if line.startswith(f"| {name} |")]
    basket, taken = (cell.strip() for cell in row.split("|")[2:4])
    assert basket == ", ".join(f"{count} × {format_minor(price, 'NGN')}" for price, count in lines)
    sums = {
        source: -total(list(own))
        for source, own in groupby(part.adjustments, key=lambda each: each.source.partition(":")[0])
    }
    off = [sums[name] for name in ("offer", "coupon") if name in sums]
    assert [format_minor(each, "NGN") in taken for each in off] == [True] * len(off)
    assert taken.startswith(format_minor(off[0], "NGN"))
