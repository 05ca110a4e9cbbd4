"""Figures of coupons: uses, revenue of the orders that were paid, and the discounts on them."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from checkout.fulfilment.status import SOLD
from checkout.models import Coupon
from kit.db.sql import fetch_all
from kit.db.statements import load_statement

FIGURES = load_statement(__package__, "coupon_figures")


@dataclass(frozen=True, slots=True)
class CouponFigures:
    """Figures of a coupon in one currency.

    Args:
        uses: of orders that have not ended unpaid.
        revenue_minor: what was paid for the orders with it; of a shop's coupon, for the shop's parts.
        cost_minor: what it has taken off them.
    """

    uses: int = 0
    revenue_minor: int = 0
    cost_minor: int = 0
    currency: str = ""


def figures_of(coupons: Sequence[Coupon]) -> dict[UUID, list[CouponFigures]]:
    """Return the figures of coupons by id, for each currency; those of a batch's codes are summed for its first."""
    if not coupons:
        return {}
    found: dict[UUID, list[CouponFigures]] = {}
    params = {"ids": [each.pk for each in coupons], "sold": sorted(SOLD)}
    for coupon_id, uses, revenue, cost, currency in fetch_all(FIGURES, params):
        found.setdefault(coupon_id, []).append(CouponFigures(uses, int(revenue), int(cost), currency))
    return found
