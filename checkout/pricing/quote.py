"""Quote a cart: its lines by shop, with the amounts of each line, of each shop's part and of the whole order."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby
from typing import Any
from uuid import UUID

from django.utils.functional import cached_property

from carriers.port import RatesRequest
from catalogue.selectors.offers import Offer
from checkout.pricing.adjustments import Adjustment, adjusted, shop_discount_minor
from checkout.pricing.amounts import Amounts, totals_by_currency
from checkout.pricing.basis import NO_RATES, Address, Basis, Rates
from checkout.pricing.choices import NO_CHOICES, Choices
from checkout.pricing.coupons.facts import CouponFacts
from checkout.pricing.coupons.outcomes import CouponOutcome, outcomes_of
from checkout.pricing.coupons.planning import (
    NO_COUPONS,
    NO_PART_COUPONS,
    CouponPlan,
    PartCoupons,
    PartGoods,
    plan_coupons,
)
from checkout.pricing.coupons.steps import coupon_deliveries, coupon_discounts
from checkout.pricing.delivery.methods import find_delivery
from checkout.pricing.delivery.priced import NO_DELIVERY, PartDelivery
from checkout.pricing.delivery.step import charge_delivery
from checkout.pricing.lines import CartLine
from checkout.pricing.offers.planning import OfferHint, plan_offers
from checkout.pricing.offers.steps import offer_discounts
from checkout.pricing.quoted_lines import LEFT_OUT, UNDELIVERED, LineProblem, QuotedLine, quote_line, undelivered
from checkout.pricing.tax.charging import ChargedTax, charge_tax, find_tax
from checkout.pricing.terms import NO_TERMS, Terms
from gateway.registry import is_taken
from kit.money import CurrencyMismatchError
from tenants.shops.selectors import ShopFacts

PAUSES = LEFT_OUT - {LineProblem.GONE}
UnaskedRates = tuple[int, RatesRequest]  # a shop's id, and a question of its part

# A step gets the basis and what the steps before it have added, and yields what it adds itself.
Step = Callable[[Basis, Sequence[Adjustment]], Iterable[Adjustment]]
# Every step that changes a price, in the order in which they are applied (docs/pricing.md).
STEPS: tuple[Step, ...] = (
    offer_discounts,
    coupon_discounts,
    charge_delivery,
    coupon_deliveries,
    charge_tax,
)


@dataclass(frozen=True, slots=True)
class QuotedPart:
    """The part of a cart that one shop would fulfil.

    Args:
        counted: the lines that are part of its amounts.
        basis: what its amounts were computed from; None where nothing is counted.
        delivery: the methods that it can be sent by, and the one that is charged; none where nothing is counted.
    """

    shop: ShopFacts
    lines: tuple[QuotedLine, ...]
    counted: tuple[QuotedLine, ...]
    adjustments: tuple[Adjustment, ...]
    amounts: Amounts
    basis: Basis | None = None
    delivery: PartDelivery = NO_DELIVERY

    @property
    def tax(self) -> ChargedTax | None:
        """Return the tax that is charged, as an invoice tells it; None where there is none."""
        return find_tax(self.basis, self.adjustments) if self.basis else None

    @property
    def offer_hints(self) -> tuple[OfferHint, ...]:
        """Return the hints to more of the shop's automatic offers."""
        return self.basis.offers.hints if self.basis else ()

    @property
    def pause(self) -> LineProblem | None:
        """Return the reason why the shop does not sell at present, if there is one."""
        return next((line.problem for line in self.lines if line.problem in PAUSES), None)

    @property
    def shop_discount_minor(self) -> int:
        """Return the discount that the shop itself gives on its items."""
        return shop_discount_minor(self.adjustments)


@dataclass(frozen=True)
class Quote:
    """A whole cart at today's prices.

    Args:
        unasked: questions to carriers, by shop, without whose answers it is not the whole price.
    """

    parts: tuple[QuotedPart, ...]
    coupons: CouponPlan = NO_COUPONS
    unasked: tuple[UnaskedRates, ...] = ()

    @cached_property
    def coupon_outcomes(self) -> tuple[CouponOutcome, ...]:
        """Return the outcome of each code that the buyer has entered, in the order of the codes."""
        counted = [part for part in self.parts if part.counted]
        return outcomes_of(self.coupons, [(part.shop.id, part.shop.currency, part.adjustments) for part in counted])

    @cached_property
    def lines(self) -> tuple[QuotedLine, ...]:
        """Return all lines."""
        return tuple(line for part in self.parts for line in part.lines)

    @cached_property
    def counted(self) -> tuple[QuotedLine, ...]:
        """Return the lines that are part of the amounts."""
        return tuple(line for part in self.parts for line in part.counted)

    @property
    def included_tax_minor(self) -> int:
        """Return the tax that is a part of the prices."""
        return sum(part.amounts.tax_minor for part in self.parts if part.amounts.prices_include_tax)

    @property
    def undelivered(self) -> list[ShopFacts]:
        """Return the shops that don't deliver to the destination."""
        return [part.shop for part in self.parts if part.pause in UNDELIVERED]

    @property
    def unpriced(self) -> list[ShopFacts]:
        """Return the shops that could deliver, if a carrier told its price."""
        return [part.shop for part in self.parts if part.pause is LineProblem.NOT_PRICED]

    @property
    def units(self) -> int:
        """Return the number of units."""
        return sum(line.line.quantity for line in self.lines)

    @cached_property
    def totals(self) -> tuple[Amounts, ...]:
        """Return the amounts of what is counted, for each currency on its own; nothing, where nothing is counted."""
        found = totals_by_currency(part.amounts for part in self.parts if part.counted)
        return found or (Amounts(currency=self.parts[0].shop.currency if self.parts else ""),)

    @property
    def currency(self) -> str:
        """Return the currency of the counted lines; of a cart in several, one of them."""
        return self.totals[0].currency

    @property
    def checkouts(self) -> tuple["Quote", ...]:
        """Return the cart, or its parts of each currency, as they are ordered; those that can be paid come first."""
        return self._by_currency if self.is_mixed else (self,)

    @cached_property
    def _by_currency(self) -> tuple["Quote", ...]:
        apart = [self.only(total.currency) for total in self.totals]
        return tuple(sorted(apart, key=lambda each: (not each.can_be_paid, each.currency)))

    @property
    def left_out(self) -> "Quote":
        """Return the parts of no checkout: of currencies in which nothing can be had."""
        counted = {total.currency for total in self.totals}
        return Quote(tuple(part for part in self.parts if part.shop.currency not in counted), self.coupons)

    def only(self, currency: str) -> "Quote":
        """Return the cart's parts in one currency."""
        return Quote(tuple(part for part in self.parts if part.shop.currency == currency), self.coupons)

    @cached_property
    def can_be_paid(self) -> bool:
        """Return whether some provider takes payments in each of its currencies; nothing needs none."""
        return not self.counted or all(not each.total_minor or is_taken(each.currency) for each in self.totals)

    @cached_property
    def is_mixed(self) -> bool:
        """Return whether it would have to be paid in more than one currency."""
        return len(self.totals) > 1

    @property
    def amounts(self) -> Amounts:
        """Return the amounts of the whole.

        Raises:
            CurrencyMismatchError: it is in more than one currency, so there is no such sum.
        """
        if self.is_mixed:
            raise CurrencyMismatchError(f"{' and '.join(each.currency for each in self.totals)} cannot be added.")
        return self.totals[0]

    @property
    def adjustments(self) -> list[Adjustment]:
        """Return the adjustments of all parts."""
        return [each for part in self.parts for each in part.adjustments]

    @property
    def shown_amounts(self) -> Amounts | None:
        """Return the amounts of the whole where there is such a sum."""
        return None if self.is_mixed else self.amounts

    @property
    def shops(self) -> list[ShopFacts]:
        """Return the shops of which something is counted."""
        return [part.shop for part in self.parts if part.counted]

    @property
    def deliveries(self) -> int:
        """Return the number of shops that deliver something."""
        return sum(1 for part in self.parts if part.counted)

    @cached_property
    def can_check_out(self) -> bool:
        """Return whether every counted line can be had, there is one at least, and all can be paid in one currency."""
        counted = self.counted
        is_ready = bool(counted) and not self.is_mixed and all(line.problem is None for line in counted)
        return is_ready and self.can_be_paid


def quote(
    *,
    lines: Iterable[CartLine],
    shops: Mapping[int, ShopFacts],
    offers: Mapping[UUID, Offer],
    unready: frozenset[int] = frozenset(),
    terms: Mapping[int, Terms] | None = None,
    address: Address | None = None,
    choices: Choices = NO_CHOICES,
    coupons: Sequence[CouponFacts] = (),
    rates: Rates = NO_RATES,
    now: datetime,
) -> Quote:
    """Price lines by the shops' facts and offers that were read; a pure function.

    Args:
        lines: what is wanted; those of a shop that is not among `shops` are left out.
        shops: facts by shop id.
        offers: what can be bought now, by variant.
        unready: shops whose schema can't be read at present.
        terms: of the shops that have set some, by shop id.
        address: the destination, once the buyer has given it.
        choices: what the buyer has chosen and entered beside the goods.
        coupons: those that the buyer's codes name.
        rates: what carriers have answered.
        now: the moment at which offers hold.
    """
    quoted = {
        shop_id: tuple(
            quote_line(line, offer=offers.get(line.variant_id), shop=shops[shop_id], is_ready=shop_id not in unready)
            for line in own
        )
        for shop_id, own in by_shop(lines)
        if shop_id in shops
    }
    asked: dict[str, Any] = {"address": address, "choices": choices, "now": now, "rates": rates}
    before = {
        shop_id: _delivered(shops[shop_id], own, (terms or {}).get(shop_id, NO_TERMS), asked)
        for shop_id, own in quoted.items()
    }
    plan = _plan(before.values(), coupons, choices, now) if choices.coupons else NO_COUPONS
    parts = [_part(priced, plan.part(shop_id)) for shop_id, priced in before.items()]
    parts.sort(key=lambda part: part.shop.name.casefold())
    unasked = tuple((shop_id, each) for shop_id, priced in before.items() for each in priced.unasked)
    return Quote(tuple(parts), plan, unasked)


@dataclass(frozen=True, slots=True)
class _Unpriced:
    """A part before anything is added to its lines; the basis has those that are counted."""

    lines: tuple[QuotedLine, ...]
    basis: Basis
    unasked: tuple[RatesRequest, ...] = ()


def _delivered(shop: ShopFacts, lines: tuple[QuotedLine, ...], terms: Terms, asked: Mapping[str, Any]) -> _Unpriced:
    """Return a part without the lines that can't be delivered: all of them, where no method is offered."""
    counted = tuple(line for line in lines if line.is_counted)
    given: dict[str, Any] = {"shop": shop, "terms": terms, "coupons": NO_PART_COUPONS, **asked}
    basis = Basis(lines=counted, **given)
    if not counted:
        return _Unpriced(lines, basis)
    offered = find_delivery(basis)
    if offered.chosen is None:
        left = tuple(undelivered(line, is_unpriced=offered.is_unpriced) for line in lines)
        return _Unpriced(left, Basis(lines=(), **given), offered.unasked)
    offers = plan_offers(terms.offers, counted, currency=shop.currency, now=basis.now)
    return _Unpriced(lines, Basis(lines=counted, offered=offered, offers=offers, **given), offered.unasked)


def _plan(parts: Iterable[_Unpriced], coupons: Sequence[CouponFacts], choices: Choices, now: datetime) -> CouponPlan:
    """Decide over the whole basket which coupons count; a coupon of the platform is for all parts together."""
    goods = [
        PartGoods(part.basis.shop, part.basis.lines, part.basis.offers.taken()) for part in parts if part.basis.lines
    ]
    return plan_coupons(goods, coupons=coupons, codes=choices.coupons, now=now)


def _part(unpriced: _Unpriced, coupons: PartCoupons) -> QuotedPart:
    basis = replace(unpriced.basis, coupons=coupons) if coupons is not NO_PART_COUPONS else unpriced.basis
    shop, counted = basis.shop, basis.lines
    adjustments: tuple[Adjustment, ...] = ()
    for step in STEPS if counted else ():  # nothing is delivered, so nothing is charged, where nothing is counted
        adjustments += tuple(step(basis, adjustments))
    items_minor = sum(line.total_minor for line in counted)
    terms = basis.terms
    is_included = terms.tax is not None and terms.tax.prices_include_tax
    return QuotedPart(
        shop=shop,
        lines=unpriced.lines,
        counted=counted,
        adjustments=adjustments,
        amounts=adjusted(
            currency=shop.currency, items_minor=items_minor, adjustments=adjustments, prices_include_tax=is_included
        ),
        basis=basis if counted else None,
        delivery=find_delivery(basis, adjustments) if counted else NO_DELIVERY,
    )


def by_shop(lines: Iterable[CartLine]) -> list[tuple[int, list[CartLine]]]:
    """Group lines by shop id."""
    ordered = sorted(lines, key=lambda line: (line.shop_id, line.variant_id))
    return [(shop_id, list(own)) for shop_id, own in groupby(ordered, key=lambda line: line.shop_id)]
