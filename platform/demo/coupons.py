"""The demo's coupons: one of a shop, and two of the market."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from checkout.coupons.inputs import CouponInput
from checkout.coupons.keeping import create_coupon
from checkout.models import CouponKind
from demo.model import CURRENCY
from tenants.models import Shop

SHOP = "indigo-fabrics"
OF_SHOP = CouponInput(
    code="INDIGO10",
    kind=CouponKind.PERCENT,
    percent_bps=1_000,
    minimum_minor=10_000_00,
    uses_per_buyer=3,
    is_public=True,
)
OF_MARKET = (
    CouponInput(
        code="WELCOME",
        kind=CouponKind.FIXED,
        amount_minor=1_500_00,
        currency=CURRENCY,
        minimum_minor=5_000_00,
        is_first_order=True,
        is_public=True,
    ),
    CouponInput(code="SHIPFREE", kind=CouponKind.FREE_DELIVERY, uses_total=500, uses_per_buyer=1),
)
MADE_DAYS_AGO = 20


def load_coupons(shops: Mapping[str, Shop], *, now: datetime) -> None:
    """Make the coupons."""
    made = now - timedelta(days=MADE_DAYS_AGO)
    create_coupon(shop=shops[SHOP], data=OF_SHOP, actor_id=None, now=made)
    for data in OF_MARKET:
        create_coupon(shop=None, data=data, actor_id=None, now=made)
