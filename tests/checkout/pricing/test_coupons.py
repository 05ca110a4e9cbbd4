"""Coupons in a quote: any basket over five shops, any coupons, and worked examples (docs/pricing.md)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID
from zlib import crc32

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalogue.selectors.offers import Offer
from checkout.models import CouponKind
from checkout.pricing.adjustments import AdjustmentKind, Funder, platform_discount_minor
from checkout.pricing.amounts import Amounts
from checkout.pricing.choices import Choices
from checkout.pricing.coupons.facts import CouponFacts, clean_code, clean_codes
from checkout.pricing.coupons.reasons import Reason
from checkout.pricing.lines import CartLine
from checkout.pricing.quote import Quote, quote
from kit.money import is_whole_enough, smallest_unit
from payouts.commission import commission_of
from tests.checkout.pricing.tax.test_charging import amounts_of
from tests.checkout.pricing.test_quote import SHOPS as FOUR
from tests.world.clock import NOW
from tests.world.draws import drawn

SHOPS = {number: replace(facts, id=number) for number, facts in FOUR.items()}
SHOPS[5] = replace(FOUR[1], id=5, slug="s5", name="Shop 5", currency="XOF", shipping_minor=50_000)
CODES = ("ABUJA", "KANO10", "LAGOS", "OFF", "SHIP", "WELCOME")
PRODUCTS = st.integers(1, 6).map(lambda number: UUID(int=number))


def _offer(key: int, price: int, product: UUID, category: int | None) -> Offer:
    sku = f"SKU-{key}"
    return Offer(UUID(int=key), product, sku, "Tote", {}, price, 5, is_on_sale=True, image="", category_id=category)


@st.composite
def baskets(draw: st.DrawFn) -> tuple[list[CartLine], dict[UUID, Offer]]:
    lines, offers = [], {}
    keys = draw(st.lists(st.integers(100, 999), min_size=0, max_size=9, unique=True))
    for key in keys:
        shop = draw(st.sampled_from(sorted(SHOPS)))
        unit = smallest_unit(SHOPS[shop].currency)
        price = unit * draw(st.integers(1, 10**7))
        lines.append(CartLine(UUID(int=key), shop, draw(st.integers(1, 5)), price))
        offers[UUID(int=key)] = _offer(key, price, draw(PRODUCTS), draw(st.sampled_from([None, 1, 2])))
    return lines, offers


@st.composite
def coupons(draw: st.DrawFn) -> CouponFacts:
    shop_id = draw(st.sampled_from([None, None, *SHOPS]))
    kind = draw(st.sampled_from(list(CouponKind)))
    currency = SHOPS[shop_id].currency if shop_id else draw(st.sampled_from(["NGN", "XOF", "GHS"]))
    unit = smallest_unit(currency)
    if shop_id is None and kind != CouponKind.FIXED and draw(st.booleans()):
        currency = ""
    return CouponFacts(
        id=UUID(int=draw(st.integers(1, 10**6))),
        code=draw(st.sampled_from(CODES)),
        shop_id=shop_id,
        kind=kind,
        percent_bps=draw(st.integers(1, 10_000)) if kind == CouponKind.PERCENT else 0,
        amount_minor=unit * draw(st.integers(1, 10**7)) if kind == CouponKind.FIXED else 0,
        currency=currency,
        minimum_minor=unit * draw(st.sampled_from([0, 0, 1, 10**6])) if currency else 0,
        uses_total=draw(st.sampled_from([None, 1, 5])),
        used=draw(st.sampled_from([0, 0, 1])),
        is_paused=draw(st.sampled_from([False, False, False, True])),
        products=draw(st.frozensets(PRODUCTS, max_size=1)),
        categories=draw(st.sampled_from([frozenset(), frozenset({1})])),
        shops=draw(st.sampled_from([frozenset(), frozenset({1, 3})])) if shop_id is None else frozenset(),
    )


COUPONS = st.lists(coupons(), max_size=6, unique_by=(lambda each: (each.code, each.shop_id), lambda each: each.id))


def priced(lines: list[CartLine], offers: dict[UUID, Offer], given: list[CouponFacts], **asked: Any) -> Quote:
    codes = tuple(sorted({each.code for each in given}))
    return quote(
        lines=lines, shops=SHOPS, offers=offers, choices=Choices(coupons=codes), coupons=given, now=NOW, **asked
    )


def judge_part(part: Any) -> None:
    """Judge that a part's figures sum to the unit, that none is below zero, and who funds what."""
    discounts = [each for each in part.adjustments if each.kind is AdjustmentKind.DISCOUNT]
    by_line: dict[UUID | None, int] = {}
    for each in discounts:
        assert each.variant_id is not None
        by_line[each.variant_id] = by_line.get(each.variant_id, 0) - each.amount_minor
    values = {line.line.variant_id: line.total_minor for line in part.counted}
    assert all(0 < taken <= values[variant_id] for variant_id, taken in by_line.items() if variant_id)
    assert part.amounts.discount_minor == sum(by_line.values())
    assert part.amounts.total_minor == sum(values.values()) + sum(each.amount_minor for each in part.adjustments)
    assert min(part.amounts.total_minor, *(amounts_of(part, line).total_minor for line in part.counted)) >= 0
    assert is_whole_enough(part.amounts.total_minor, part.shop.currency)
    assert len({each.source for each in discounts if each.funded_by is Funder.SHOP}) <= 1
    commission = commission_of(
        items_minor=part.amounts.items_minor, shop_discount_minor=part.shop_discount_minor, rate_bps=800
    )
    platform = platform_discount_minor(part.adjustments)
    shop = -sum(each.amount_minor for each in discounts if each.funded_by is Funder.SHOP)
    assert commission == (part.amounts.items_minor - shop) * 800 // 10_000
    assert part.amounts.total_minor + platform - commission >= 0  # what the shop gets


@settings(max_examples=drawn(2_000), deadline=None, print_blob=True)
@given(basket=baskets(), offered=COUPONS, random=st.randoms(use_true_random=False))
def test_any_basket_with_any_coupons(
    basket: tuple[list[CartLine], dict[UUID, Offer]], offered: list[CouponFacts], random: Any
) -> None:
    lines, offers = basket
    quoted = priced(lines, offers, offered)
    for part in quoted.parts:
        judge_part(part)
    for total in quoted.totals:
        parts = [part.amounts for part in quoted.parts if part.shop.currency == total.currency]
        whole = Amounts(currency=total.currency)
        for amounts in parts:
            whole += amounts
        assert whole == total
        assert is_whole_enough(total.total_minor, total.currency)
    saved = {total.currency: total.discount_minor + total.delivery_discount_minor for total in quoted.totals}
    told: dict[str, int] = {}
    for outcome in quoted.coupon_outcomes:
        assert outcome.counts != bool(outcome.reason)
        for currency, amount in outcome.saved.items():
            told[currency] = told.get(currency, 0) + amount
    assert told == {currency: amount for currency, amount in saved.items() if amount}
    shuffled, others = list(lines), list(offered)
    random.shuffle(shuffled)
    random.shuffle(others)
    again = priced(shuffled, offers, others)
    assert again == quoted
    assert again.coupon_outcomes == quoted.coupon_outcomes
    for total in quoted.totals:  # an order of one currency is charged what the basket showed of it
        alone = [line for line in lines if SHOPS[line.shop_id].currency == total.currency]
        assert priced(alone, offers, offered).totals == quoted.only(total.currency).totals


TOTE = (CartLine(UUID(int=100), 1, 2, 10_000), _offer(100, 10_000, UUID(int=1), 1))  # ₦200 at shop 1, delivery ₦15
MAT = (CartLine(UUID(int=101), 1, 1, 9_999), _offer(101, 9_999, UUID(int=2), None))  # ₦99.99 at shop 1
POT = (CartLine(UUID(int=102), 2, 1, 30_000), _offer(102, 30_000, UUID(int=3), 2))  # ₦300 at shop 2, delivery ₦30


def fact(code: str, shop_id: int | None = None, **values: Any) -> CouponFacts:
    currency = "NGN" if shop_id or "amount_minor" in values or "minimum_minor" in values else ""
    known: dict[str, Any] = {
        "id": UUID(int=crc32(code.encode())),
        "code": code,
        "shop_id": shop_id,
        "currency": currency,
    } | values
    return CouponFacts(**known)


def of(items: list[tuple[CartLine, Offer]], *given: CouponFacts) -> Quote:
    return priced([line for line, _ in items], {offer.variant_id: offer for _, offer in items}, list(given))


PERCENT: dict[str, Any] = {"kind": CouponKind.PERCENT}
TEN: dict[str, Any] = {**PERCENT, "percent_bps": 1_000}


def test_a_shops_tenth_comes_first_and_the_platforms_amount_is_shared_over_all_shops() -> None:
    quoted = of(
        [TOTE, POT],
        fact("KANO10", 1, **TEN),
        fact("WELCOME", kind=CouponKind.FIXED, amount_minor=6_000),
    )
    first, second = quoted.parts
    # 20,000 less 2,000 leaves 18,000; of the platform's 6,000 it gets 18,000/48,000.
    assert [each.amount_minor for each in first.adjustments] == [-2_000, -2_250, 1_500]
    assert [each.amount_minor for each in second.adjustments] == [-3_750, 3_000]
    assert [each.funded_by.value for each in first.adjustments] == ["shop", "platform", "buyer"]
    assert (first.shop_discount_minor, platform_discount_minor(first.adjustments)) == (2_000, 2_250)
    assert quoted.amounts.total_minor == 50_000 - 2_000 - 6_000 + 4_500


def test_percentages_are_rounded_half_up_and_allocated_to_the_lines() -> None:
    [part] = of([TOTE, MAT], fact("HALF", 1, kind=CouponKind.PERCENT, percent_bps=5_000)).parts
    assert part.amounts.discount_minor == 15_000  # of 29,999 half is 14,999.5
    assert [each.amount_minor for each in part.adjustments[:2]] == [-10_000, -5_000]


def test_free_delivery_is_the_shops_own_before_the_platforms() -> None:
    free = CouponKind.FREE_DELIVERY
    quoted = of([TOTE, POT], fact("SHIP", kind=free), fact("OURS", 1, kind=free))
    first, second = quoted.parts
    assert [(each.amount_minor, each.funded_by.value) for each in first.adjustments] == [
        (1_500, "buyer"),
        (-1_500, "shop"),
    ]
    assert [(each.amount_minor, each.funded_by.value) for each in second.adjustments] == [
        (3_000, "buyer"),
        (-3_000, "platform"),
    ]
    assert {each.code: each.saved for each in quoted.coupon_outcomes} == {
        "OURS": {"NGN": 1_500},
        "SHIP": {"NGN": 3_000},
    }


def test_a_coupon_is_never_more_than_its_goods() -> None:
    [part] = of([TOTE], fact("ALL", 1, kind=CouponKind.FIXED, amount_minor=10**9)).parts
    assert (part.amounts.discount_minor, part.amounts.total_minor) == (20_000, 1_500)


def test_in_a_currency_without_smaller_unit_whole_units_are_taken_off() -> None:
    line, offer = CartLine(UUID(int=7), 5, 1, 125_500), _offer(7, 125_500, UUID(int=1), None)
    [part] = of([(line, offer)], fact("DIX", **TEN)).parts
    assert part.amounts.discount_minor == 12_600  # of 125.5 francs


@pytest.mark.parametrize(
    ("given", "reason", "words"),
    [
        ([], Reason.UNKNOWN, "We don't know the coupon X. Check its spelling, or try another one."),
        ([fact("X", 1, **TEN, is_paused=True)], Reason.PAUSED, "The coupon X can't be used at present."),
        (
            [fact("X", 1, **TEN, starts_at=NOW + timedelta(days=1))],
            Reason.NOT_STARTED,
            "The coupon X is valid from",
        ),
        ([fact("X", 1, **TEN, ends_at=NOW)], Reason.ENDED, "The coupon X ended on"),
        ([fact("X", 1, **TEN, uses_total=3, used=3)], Reason.USED_UP, "has been used up"),
        ([fact("X", 1, **TEN, uses_per_buyer=2, used_by_buyer=2)], Reason.USED_BY_YOU, "as often as one buyer may"),
        (
            [fact("X", 1, **TEN, is_first_order=True, has_ordered=True)],
            Reason.NOT_FIRST_ORDER,
            "you have ordered before",
        ),
        ([fact("X", 1, **TEN, products=frozenset({UUID(int=9)}))], Reason.NOT_IN_BASKET, "Nothing in your basket"),
        ([fact("X", **TEN, categories=frozenset({9}))], Reason.NOT_IN_BASKET, "Nothing in your basket"),
        ([fact("X", **TEN, shops=frozenset({2}))], Reason.NOT_IN_BASKET, "Nothing in your basket"),
        (
            [fact("X", kind=CouponKind.FIXED, amount_minor=5, currency="GHS")],
            Reason.OTHER_CURRENCY,
            "The coupon X is for prices in GHS.",
        ),
        (
            [fact("X", 1, **TEN, minimum_minor=25_000)],
            Reason.BELOW_MINIMUM,
            "Add goods for another ₦50 to use the coupon X.",
        ),
        (
            [fact("X", 1, **TEN), fact("Y", 1, **PERCENT, percent_bps=2_000)],
            Reason.NOT_COMBINED,
            "The coupon X can't be combined with Y, which saves you as much or more.",
        ),
        (
            [fact("X", **TEN), fact("Y", 1, **PERCENT, percent_bps=10_000)],
            Reason.NOTHING_TO_SAVE,
            "There is nothing left in your basket that the coupon X could discount.",
        ),
    ],
)
def test_each_refusal_has_its_reason_and_its_sentence(given: list[CouponFacts], reason: Reason, words: str) -> None:
    line, offer = TOTE
    quoted = quote(
        lines=[line],
        shops=SHOPS,
        offers={offer.variant_id: offer},
        choices=Choices(coupons=("X", "Y")),
        coupons=given,
        now=NOW,
    )
    outcome = next(each for each in quoted.coupon_outcomes if each.code == "X")
    assert outcome.reason == reason
    assert words in outcome.message
    assert not outcome.counts


@pytest.mark.parametrize("entered", ["kano10", " Kano 10 ", "KANO\t10", "\u00a0kano10"])
def test_a_code_is_the_same_in_any_case_and_with_blanks(entered: str) -> None:
    assert clean_code(entered) == "KANO10"


@pytest.mark.parametrize("entered", ["\0", "KANO\0", "\ud800", "   "])
def test_what_cannot_be_stored_is_no_code(entered: str) -> None:
    assert clean_code(entered) == ""


def test_codes_are_kept_once_and_in_order() -> None:
    assert clean_codes(["b-1", "B-1", "", " a-1"]) == ("A-1", "B-1")
