"""Figures of coupons: uses, revenue of the orders that were paid, and the discounts on them.

Units that were taken back after they were paid are in none of them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from checkout.fulfilment.status import EARNING, SOLD
from checkout.models import Coupon
from kit.db.roles import as_platform
from kit.db.sql import fetch_all
from kit.db.statements import load_statement
from kit.money import MINOR_PER_MAJOR, WITHOUT_DECIMALS

FIGURES = load_statement(__package__, "coupon_figures")
UNITS = {"whole": sorted(WITHOUT_DECIMALS), "major": MINOR_PER_MAJOR}


@dataclass(frozen=True, slots=True)
class CouponFigures:
    """Figures of a coupon in one currency.

    Args:
        uses: of orders of which something was sold, or waits for its payment.
        revenue_minor: what was paid for the orders with it; of a shop's coupon, for the shop's parts.
        cost_minor: what it has taken off them.
    """

    uses: int = 0
    revenue_minor: int = 0
    cost_minor: int = 0
    currency: str = ""


@as_platform()  # a reversal names the person who made it
def figures_of(coupons: Sequence[Coupon]) -> dict[UUID, list[CouponFigures]]:
    """Return the figures of coupons by id, for each currency; those of a batch's codes are summed for its first."""
    if not coupons:
        return {}
    found: dict[UUID, list[CouponFigures]] = {}
    params = {"ids": [each.pk for each in coupons], "sold": sorted(SOLD), "earning": sorted(EARNING), **UNITS}
    for coupon_id, uses, revenue, cost, currency in fetch_all(FIGURES, params):
        found.setdefault(coupon_id, []).append(CouponFigures(uses, int(revenue), int(cost), currency))
    return found
