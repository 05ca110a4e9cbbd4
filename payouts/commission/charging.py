"""Amounts of commission: what terms make of a line, and how the lines of a part are rounded together."""

from collections.abc import Sequence
from dataclasses import dataclass

from payouts.commission.rules import ALL_BPS, RuleTerms


@dataclass(frozen=True, slots=True)
class ChargedUnits:
    """Units of a line, their base and the terms that hold for them.

    Args:
        base_minor: the items at their prices, less what the shop itself gives away; neither delivery nor tax.
    """

    units: int
    base_minor: int
    terms: RuleTerms


def charge(lines: Sequence[ChargedUnits], *, tax_bps: int = 0) -> list[int]:
    """Return the commission on each line of a part.

    It is the percentage of the base and the fixed amount of each unit, at least the floor and at most the cap of the
    units, and never more than the base. What is left of the lines of a part below a minor unit is summed, rounded down
    once, and split over them by largest remainder, equal fractions to the earlier line: so the fraction stays with the
    shop, and a part of which all lines have one percentage pays as much as if it were one line.

    Args:
        tax_bps: the tax on the commission, which is never more than the base together with it.
    """
    exact = [_exact(line, tax_bps) for line in lines]  # in ten-thousandths of a minor unit
    shares = [divmod(each, ALL_BPS) for each in exact]
    left = sum(fraction for _, fraction in shares) // ALL_BPS
    first = set(sorted(range(len(shares)), key=lambda place: -shares[place][1])[:left])
    return [whole + (place in first) for place, (whole, _) in enumerate(shares)]


def _exact(line: ChargedUnits, tax_bps: int) -> int:
    terms, most = line.terms, line.base_minor * ALL_BPS * ALL_BPS // (ALL_BPS + tax_bps)
    found = line.base_minor * terms.percent_bps + line.units * terms.fixed_minor * ALL_BPS
    if terms.floor_minor is not None:
        found = max(found, line.units * terms.floor_minor * ALL_BPS)
    if terms.cap_minor is not None:
        found = min(found, line.units * terms.cap_minor * ALL_BPS)
    return min(found, most)


def commission_of(*, items_minor: int, shop_discount_minor: int, rate_bps: int) -> int:
    """Return the commission on a part at one rate for all its lines; the fraction stays with the shop.

    Args:
        items_minor: the items at their prices.
        shop_discount_minor: what the shop itself takes off them.
        rate_bps: the rate in basis points (800 is 8 %).
    """
    return charge([ChargedUnits(1, items_minor - shop_discount_minor, RuleTerms(rate_bps))])[0]
