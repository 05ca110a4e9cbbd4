"""Explanation of the commission on a part of an order, by line and in whole sentences, from what was frozen with it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext, ngettext

from checkout.commission.sentences import comes_before, holds_because, name_of
from checkout.commission.tax_sentences import tax_sentences
from checkout.models import SubOrder
from checkout.pricing.commission import CommissionLine
from checkout.pricing.commission_tax import CommissionTax
from checkout.pricing.frozen_commission import FrozenCommission, choices_of
from kit.db.roles import as_platform
from kit.errors import NotFoundError
from kit.money import format_minor
from kit.text.numbers import percentage
from payouts.commission import ChargedUnits, charge
from payouts.commission.rules import Rule


@dataclass(frozen=True, slots=True)
class ExplainedLine:
    """Commission on a line, or on units of it that have a rule of their own.

    Args:
        rule: None on parts from before lines kept their rules.
        amount_minor: None likewise: the commission is of the whole part then.
        sentences: the whole explanation.
    """

    variant_id: UUID
    title: str
    units: int
    base_minor: int | None
    rule: Rule | None
    over: tuple[Rule, ...]
    amount_minor: int | None
    sentences: tuple[str, ...]

    @property
    def over_names(self) -> list[str]:
        """Return the rules that it comes before, by name."""
        return [name_of(rule) for rule in self.over]


@dataclass(frozen=True, slots=True)
class Explanation:
    """Commission on a part.

    Args:
        sentences: what holds for all lines.
    """

    number: str
    currency: str
    commission_minor: int
    reversed_minor: int
    tax_minor: int
    reversed_tax_minor: int
    lines: tuple[ExplainedLine, ...]
    sentences: tuple[str, ...]

    @property
    def kept_minor(self) -> int:
        """Return the commission without what was given back."""
        return self.commission_minor - self.reversed_minor

    @property
    def kept_tax_minor(self) -> int:
        """Return the tax on that."""
        return self.tax_minor - self.reversed_tax_minor


@as_platform()  # the order is the buyer's
def explain_shop_commission(*, shop_id: int, number: str) -> Explanation:
    """Return the explanation of the commission on a shop's part of an order.

    Raises:
        NotFoundError: the shop has no such part.
    """
    part = SubOrder.objects.select_related("order", "shop").filter(shop_id=shop_id, number=number).first()
    if part is None:
        raise NotFoundError(gettext("There is no order %(number)s in this shop.") % {"number": number})
    return explain_commission(part)


def explain_commission(part: SubOrder) -> Explanation:
    """Return the explanation of a part's commission."""
    titles = {UUID(line["variant_id"]): line for line in part.lines}
    frozen = FrozenCommission.of(part)
    if frozen is None:
        lines = tuple(_earlier_line(titles[key], line) for key, line in choices_of(part).items())
    else:
        lines = tuple(
            _line(titles[line.variant_id], line, amount, part.currency, frozen.tax)
            for line, amount in zip(frozen.lines, frozen.amounts, strict=True)
        )
    return Explanation(
        number=part.number,
        currency=part.currency,
        commission_minor=part.commission_minor,
        reversed_minor=part.reversed_commission_minor,
        tax_minor=part.commission_tax_minor,
        reversed_tax_minor=part.reversed_commission_tax_minor,
        lines=lines,
        sentences=(
            *_of_part(part, is_earlier=frozen is None),
            *tax_sentences(part, frozen),
            *_given_back(part),
        ),
    )


def _of_part(part: SubOrder, *, is_earlier: bool) -> Iterable[str]:
    placed = date_format(localtime(part.order.placed_at), "j F Y")
    if is_earlier:
        text = gettext(
            "The order was placed on %(day)s, at the rate of that time: %(rate)s %% of the items of %(shop)s."
        )
        yield text % {"day": placed, "rate": percentage(part.commission_bps), "shop": part.shop.name}
    else:
        yield gettext("The rules are those of %(day)s, when the order was placed. Later changes don’t affect it.") % {
            "day": placed
        }
    yield gettext("Commission is charged on the items less the shop’s own discounts, never on delivery or added tax.")


def _given_back(part: SubOrder) -> Iterable[str]:
    if part.reversed_commission_minor:
        yield gettext("Of %(whole)s the market has given back %(back)s along with refunds to the buyer.") % {
            "whole": format_minor(part.commission_minor, part.currency),
            "back": format_minor(part.reversed_commission_minor, part.currency),
        }


def _earlier_line(snapshot: Mapping[str, Any], line: CommissionLine) -> ExplainedLine:
    text = gettext("Orders placed before there were commission rules have one amount for all their items.")
    return ExplainedLine(line.variant_id, snapshot["title"], line.units, None, None, (), None, (text,))


def _line(
    snapshot: Mapping[str, Any], line: CommissionLine, amount: int, currency: str, tax: CommissionTax | None
) -> ExplainedLine:
    return ExplainedLine(
        variant_id=line.variant_id,
        title=snapshot["title"],
        units=line.units,
        base_minor=line.base_minor,
        rule=line.choice.rule,
        over=line.choice.over,
        amount_minor=amount,
        sentences=(
            holds_because(line.choice.rule),
            *(comes_before(line.choice.rule, other) for other in line.choice.over),
            *_computed(line, amount, currency, tax),
        ),
    )


def _computed(line: CommissionLine, amount: int, currency: str, tax: CommissionTax | None) -> Iterable[str]:
    """Return the computation of the amount, a sentence for each of the terms that counts."""
    terms, units = line.choice.rule.terms, line.units
    by_percent = line.base_minor * terms.percent_bps // 10_000

    def money(minor: int) -> str:
        return format_minor(minor, currency)

    yield gettext("%(rate)s %% of %(base)s is %(amount)s.") % {
        "rate": percentage(terms.percent_bps),
        "base": money(line.base_minor),
        "amount": money(by_percent),
    }
    if terms.fixed_minor:
        yield ngettext("%(fixed)s is added for the unit.", "%(fixed)s is added for each of %(units)s units.", units) % {
            "fixed": money(terms.fixed_minor),
            "units": units,
        }
    reached = by_percent + units * terms.fixed_minor
    if terms.floor_minor is not None and units * terms.floor_minor > reached:
        yield gettext("It is at least %(floor)s for a unit.") % {"floor": money(terms.floor_minor)}
    if terms.cap_minor is not None and units * terms.cap_minor < reached:
        yield gettext("It is at most %(cap)s for a unit.") % {"cap": money(terms.cap_minor)}
    tax_bps = tax.bps if tax else 0
    alone = charge([ChargedUnits(units, line.base_minor, terms)], tax_bps=tax_bps)[0]
    wanted = max(reached, units * (terms.floor_minor or 0))
    if terms.cap_minor is not None:
        wanted = min(wanted, units * terms.cap_minor)
    if alone < wanted:
        yield _never_more(tax_bps)
    if amount != alone:
        yield gettext("Fractions of the lines of an order are summed before they are rounded down.")
    yield gettext("The commission on this line is %(amount)s.") % {"amount": money(amount)}


def _never_more(tax_bps: int) -> str:
    if tax_bps:
        return gettext("Together with its tax it is never more than the amount paid for the items.")
    return gettext("It is never more than the amount paid for the items.")
