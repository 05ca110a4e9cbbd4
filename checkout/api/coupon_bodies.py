"""The API's bodies of coupons, with their examples."""

from typing import Any

from checkout.coupons.benefits import benefit_of
from checkout.models import Coupon
from checkout.pricing.coupons.outcomes import CouponOutcome


def coupon_body(outcome: CouponOutcome) -> dict[str, Any]:
    """Return the outcome of a code, as `TriedCouponOutput` describes it."""
    return {
        "code": outcome.code,
        "counts": outcome.counts,
        "saved": [{"currency": currency, "saved_minor": saved} for currency, saved in sorted(outcome.saved.items())],
        "reason": outcome.reason or None,
        "message": outcome.message,
    }


def public_coupon_body(coupon: Coupon) -> dict[str, Any]:
    """Return a coupon as everybody may see it, as `PublicCouponOutput` describes it."""
    names = ("code", "kind", "percent_bps", "amount_minor", "currency", "minimum_minor", "starts_at", "ends_at")
    return {
        **{name: getattr(coupon, name) for name in names},
        "is_first_order": coupon.is_first_order,
        "shop": {"slug": coupon.shop.slug, "name": coupon.shop.name} if coupon.shop else None,
        "label": benefit_of(coupon),
    }
