"""Coupons for tests."""

from __future__ import annotations

from typing import Any

from checkout.coupons.inputs import CouponInput
from checkout.coupons.keeping import create_coupon
from checkout.models import Coupon, CouponKind
from checkout.placing.place_order import place_order
from checkout.placing.placed import PlacedOrder
from checkout.pricing.lines import CartLine
from tenants.models import Shop
from tests.world.clock import NOW
from tests.world.market import order_request


def coupon(shop: Shop | None = None, code: str = "TEN", **values: Any) -> Coupon:
    """Make a coupon: of a tenth, where nothing else is said."""
    given: dict[str, Any] = {"kind": CouponKind.PERCENT, "percent_bps": 1_000} if "kind" not in values else {}
    data = CouponInput(code=code, **given | values)
    return create_coupon(shop=shop, data=data, actor_id=None, now=NOW)


def buy_with(*lines: CartLine, codes: tuple[str, ...] = ("TEN",), **asked: Any) -> PlacedOrder:
    """Place an order for some lines with the coupons of a basket."""
    return place_order(lines=lines, request=order_request(**asked), now=NOW, codes=codes)


def used(coupon: Coupon) -> int:
    """Return the uses of a coupon that are counted."""
    coupon.refresh_from_db()
    return coupon.used
