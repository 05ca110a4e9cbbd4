"""Benefit of a coupon, in words."""

from django.utils.translation import gettext

from checkout.models import Coupon, CouponKind
from kit.money import format_minor
from kit.text.numbers import percentage


def benefit_of(coupon: Coupon) -> str:
    """Return the benefit of a coupon, in words."""
    if coupon.kind == CouponKind.PERCENT:
        return gettext("%(rate)s %% off") % {"rate": percentage(coupon.percent_bps or 0)}
    if coupon.kind == CouponKind.FIXED:
        return gettext("%(amount)s off") % {"amount": format_minor(coupon.amount_minor or 0, coupon.currency)}
    return gettext("Free delivery")
