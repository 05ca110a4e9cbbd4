"""Any rules and any lines: one rule for each line, the first by precedence; amounts sum, and keep their bounds."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from checkout.pricing.commission_tax import CommissionTax
from checkout.pricing.tax.port import TaxRate
from payouts.commission import ChargedUnits, Rule, Ruleset, RuleTerms, Sold, charge, rate_rule
from payouts.commission.rules import Goods, Seller, goods_of, precedence, seller_of
from tests.world.clock import NOW
from tests.world.draws import drawn

SHOPS, PLANS, CATEGORIES, PRODUCTS = [1, 2], ["p1", "p2"], [1, 2, 3], [str(UUID(int=1)), str(UUID(int=2))]
AMOUNTS = st.integers(0, 3_000)


@st.composite
def terms(draw: st.DrawFn) -> RuleTerms:
    floor = draw(st.none() | AMOUNTS)
    cap = draw(st.none() | st.integers(floor or 0, 5_000))
    return RuleTerms(draw(st.integers(0, 10_000)), draw(AMOUNTS), floor, cap)


@st.composite
def any_rules(draw: st.DrawFn) -> list[Rule]:
    """Rules no two of which are for the same at one moment, as the database has them."""
    found: dict[object, Rule] = {}
    for number in range(draw(st.integers(0, 8))):
        shop, plan = draw(
            st.sampled_from([(None, None), *((shop, None) for shop in SHOPS), (None, "p1"), (None, "p2")])
        )
        kinds = [(None, None), *((each, None) for each in CATEGORIES)]
        category, product = draw(st.sampled_from([*kinds, (None, PRODUCTS[0])] if shop else kinds))
        currency, is_over = draw(st.sampled_from(["", "NGN", "GHS"])), draw(st.booleans())
        rule = Rule(
            key=f"r{number}",
            name=f"Rule {number}",
            seller=seller_of(shop_id=shop, plan_id=plan),
            goods=goods_of(product_id=product, category_id=category),
            terms=draw(terms()),
            currency=currency,
            shop_id=shop,
            plan_id=plan,
            category_id=category,
            product_id=product,
            starts_at=NOW - timedelta(days=3) if is_over else NOW,
            ends_at=NOW if is_over else None,
        )
        found[shop, plan, category, product, currency, is_over] = rule
    return list(found.values())


@st.composite
def sales(draw: st.DrawFn) -> tuple[Sold, int, int]:
    rate = rate_rule(draw(st.sampled_from([Seller.SHOP_RATE, Seller.MARKET_RATE])), draw(st.integers(0, 10_000)))
    path = draw(st.lists(st.sampled_from(CATEGORIES), unique=True))
    shop, product = draw(st.sampled_from(SHOPS)), UUID(draw(st.sampled_from(PRODUCTS)))
    return Sold(shop, "NGN", product, rate, tuple(path)), draw(st.integers(1, 9)), draw(st.integers(0, 100_000))


def is_for(rule: Rule, sold: Sold, plans: dict[int, str]) -> bool:
    """Tell, without looking it up, whether a rule is for a line now."""
    return all(
        (
            rule.shop_id in {None, sold.shop_id},
            rule.plan_id in {None, plans.get(sold.shop_id)},
            rule.category_id is None or rule.category_id in sold.category_ids,
            rule.product_id in {None, str(sold.product_id)},
            rule.currency in {"", sold.currency},
            rule.ends_at is None,
        )
    )


@settings(max_examples=drawn(150), deadline=None)
@given(
    rules=any_rules(),
    lines=st.lists(sales(), min_size=1, max_size=5),
    plans=st.dictionaries(st.sampled_from(SHOPS), st.sampled_from(PLANS)),
    tax_bps=st.sampled_from([0, 750, 2_000]),
)
def test_one_rule_for_each_line_and_amounts_within_their_bounds(
    rules: list[Rule], lines: list[tuple[Sold, int, int]], plans: dict[int, str], tax_bps: int
) -> None:
    ruleset = Ruleset(1, tuple(rules), plans)
    choices = [ruleset.choose(sold, now=NOW) for sold, _, _ in lines]
    for choice, (sold, _, _) in zip(choices, lines, strict=True):
        holding = [*(rule for rule in rules if is_for(rule, sold, plans)), sold.rate]
        in_order = sorted(holding, key=lambda rule: precedence(rule, sold.category_ids))
        assert [choice.rule, *choice.over] == in_order
        assert len({precedence(rule, sold.category_ids) for rule in holding}) == len(holding), "a tie"

    charged = [
        ChargedUnits(units, base, choice.rule.terms) for choice, (_, units, base) in zip(choices, lines, strict=True)
    ]
    amounts = charge(charged, tax_bps=tax_bps)
    tax = CommissionTax("", rates=(TaxRate("VAT", tax_bps),)).of(sum(amounts))
    assert sum(amounts) + tax <= sum(line.base_minor for line in charged)
    exact = 0.0
    for line, amount in zip(charged, amounts, strict=True):
        floor, cap = line.terms.floor_minor, line.terms.cap_minor
        assert 0 <= amount <= line.base_minor
        assert cap is None or amount <= cap * line.units
        most = line.base_minor / (1 + tax_bps / 10_000)
        assert floor is None or amount >= min(floor * line.units, int(most))
        bounded = line.base_minor * line.terms.percent_bps / 10_000 + line.terms.fixed_minor * line.units
        bounded = max(bounded, (floor or 0) * line.units)
        bounded = min(bounded, most, bounded if cap is None else cap * line.units)
        assert abs(amount - bounded) < 1 + 1e-6
        exact += bounded
    assert -1e-6 <= exact - sum(amounts) < 1 + 1e-3, "more than one fraction is lost, or something is invented"


def test_fractions_of_lines_are_rounded_once_and_stay_with_the_shop() -> None:
    """As one figure for the part, which earlier releases took: 8 % of 3 × 33 is 7, of each line it would be 6."""
    assert charge([ChargedUnits(1, 33, RuleTerms(800))] * 3) == [3, 2, 2]
    assert charge([ChargedUnits(1, 99, RuleTerms(800))]) == [7]


def test_the_first_rule_is_for_fewer_shops_then_for_fewer_goods() -> None:
    ranks = [Seller.SHOP, Seller.SHOP_RATE, Seller.PLAN, Seller.ALL, Seller.MARKET_RATE]
    rules = [Rule(seller, "", seller, goods, RuleTerms(1), category_id=1) for seller in ranks for goods in Goods]
    shuffled = [*rules[1::2], *rules[::2]]
    assert sorted(shuffled, key=lambda rule: precedence(rule, (1,))) == rules
