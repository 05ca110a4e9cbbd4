"""Coupons as rows of a table, for shops and for operators."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext

from checkout.coupons.benefits import benefit_of
from checkout.coupons.watching import CouponFigures, figures_of
from checkout.models import Coupon
from checkout.pricing.coupons.reasons import Reason


@dataclass(frozen=True, slots=True)
class CouponRow:
    """A coupon with what it gives, where it stands and what it has brought."""

    coupon: Coupon
    benefit: str
    state: str
    state_label: str
    figures: Sequence[CouponFigures]

    @property
    def uses(self) -> int:
        """Return the uses in all currencies."""
        return sum(each.uses for each in self.figures)

    @property
    def is_batch(self) -> bool:
        """Return whether it stands for codes that were made together."""
        return self.coupon.batch_id is not None


def coupon_rows(coupons: Sequence[Coupon], *, now: datetime) -> list[CouponRow]:
    """Return coupons as rows."""
    figures = figures_of(coupons)
    return [CouponRow(each, benefit_of(each), *_state(each, now), figures.get(each.pk, ())) for each in coupons]


def code_rows(codes: Iterable[Coupon]) -> Iterable[tuple[str, str]]:
    """Return codes that were made together as the rows of a file."""
    used, free = gettext("yes"), gettext("no")
    return ((each.code, used if each.used else free) for each in codes)


def _state(coupon: Coupon, now: datetime) -> tuple[str, str]:
    if coupon.is_paused:
        return Reason.PAUSED, gettext("Paused")
    if coupon.starts_at is not None and now < coupon.starts_at:
        return Reason.NOT_STARTED, gettext("Not yet")
    if coupon.ends_at is not None and now >= coupon.ends_at:
        return Reason.ENDED, gettext("Ended")
    is_used_up = coupon.batch_id is None and coupon.uses_total is not None and coupon.used >= coupon.uses_total
    return (Reason.USED_UP, gettext("Used up")) if is_used_up else ("counts", gettext("Active"))
