"""A quote is pure: without a database, and the same in whatever order the lines come."""

from __future__ import annotations

from functools import reduce
from operator import add
from typing import Any
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from catalogue.selectors.offers import Offer
from checkout.pricing.adjustments import adjusted
from checkout.pricing.lines import CartLine
from checkout.pricing.quote import quote
from tenants.shops.selectors import ShopFacts
from tests.checkout.pricing.tax.test_charging import amounts_of
from tests.world.clock import NOW

CURRENCIES = {1: "NGN", 2: "NGN", 3: "GHS", 4: "KES"}
SHOPS = {
    number: ShopFacts(
        number, f"shop_{number}", f"s{number}", f"Shop {number}", "live", code, 1_500 * number, 800, "", None, ""
    )
    for number, code in CURRENCIES.items()
}
LINES = st.lists(
    st.tuples(st.integers(1, 500), st.sampled_from(sorted(SHOPS)), st.integers(1, 9), st.integers(1, 10**9)),
    max_size=12,
    unique_by=lambda line: line[0],
)


def world(drawn: list[tuple[int, int, int, int]]) -> tuple[list[CartLine], dict[UUID, Offer]]:
    lines = [CartLine(UUID(int=key), shop, quantity, price) for key, shop, quantity, price in drawn]
    offers = {
        UUID(int=key): Offer(
            UUID(int=key), UUID(int=key), f"SKU-{key}", "Tote", {}, price, 5, is_on_sale=True, image=""
        )
        for key, _, _, price in drawn
    }
    return lines, offers


@given(drawn=LINES)
def test_parts_sum_to_the_totals_and_lines_to_the_parts(drawn: list[tuple[int, int, int, int]]) -> None:
    lines, offers = world(drawn)
    quoted = quote(lines=lines, shops=SHOPS, offers=offers, now=NOW)
    for part in quoted.parts:
        whole = [each for each in part.adjustments if each.variant_id is None]
        rest = adjusted(currency=part.shop.currency, items_minor=0, adjustments=whole)
        assert reduce(add, [rest, *(amounts_of(part, line) for line in part.counted)]) == part.amounts
        added_minor = sum(each.amount_minor for each in part.adjustments)
        assert part.amounts.total_minor == sum(line.total_minor for line in part.counted) + added_minor
        assert part.amounts.shipping_minor == part.shop.shipping_minor
    by_currency: dict[str, int] = {}
    for part in quoted.parts:
        by_currency[part.shop.currency] = by_currency.get(part.shop.currency, 0) + part.amounts.total_minor
    assert {total.currency: total.total_minor for total in quoted.totals} == (by_currency or {"": 0})
    assert quoted.is_mixed == (len(by_currency) > 1)


@given(drawn=LINES, random=st.randoms(use_true_random=False))
def test_the_order_of_the_lines_does_not_matter(drawn: list[tuple[int, int, int, int]], random: Any) -> None:
    lines, offers = world(drawn)
    shuffled = list(lines)
    random.shuffle(shuffled)
    asked: dict[str, Any] = {"shops": SHOPS, "offers": offers, "now": NOW}
    assert quote(lines=shuffled, **asked) == quote(lines=lines, **asked)


def test_nothing_is_charged_where_nothing_can_be_had() -> None:
    lines, _ = world([(1, 1, 2, 1_000)])
    quoted = quote(lines=lines, shops=SHOPS, offers={}, now=NOW)
    [part] = quoted.parts
    assert (part.amounts.total_minor, part.adjustments, quoted.amounts.currency) == (0, (), "NGN")
    assert not quoted.can_check_out
