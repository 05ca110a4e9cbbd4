"""Each value of a coupon is on its form, in both APIs and in archives (docs/recipes/add-a-kind-of-coupon.md)."""

from __future__ import annotations

import re

from django.template.loader import get_template

from checkout.api.coupon_bodies import public_coupon_body
from checkout.api.coupon_outputs import PublicCouponOutput
from checkout.archives import COUPONS
from checkout.coupons.forms import FIELD_OF, CouponForm
from checkout.coupons.inputs import FIELDS
from checkout.models import Coupon, CouponKind
from console.forms.coupons import PlatformCouponForm
from vendors.forms.coupons import ShopCouponForm
from vendors.serializers.coupons import CouponData, CouponOutput

ALL = frozenset(FIELDS)
OF_MARKET = {"shops"}  # a coupon of the market has these alone
OF_SHOP = ALL - OF_MARKET
NOT_TOLD = {"uses_total", "uses_per_buyer", "is_public", "is_paused", "products", "categories", "shops"}  # to buyers


def test_every_value_can_be_typed() -> None:
    typed = {FIELD_OF.get(name, name) for name in ALL}
    assert typed - {*ShopCouponForm.base_fields, *PlatformCouponForm.base_fields} == set(), (
        "Step 4: forms.py, FIELD_OF."
    )
    template = get_template("checkout/_coupon_fields.html").template.source  # type: ignore[attr-defined]
    shown = set(re.findall(r':field="form\.(\w+)"', template))
    assert set(CouponForm.base_fields) - shown == set(), "Step 4: _coupon_fields.html."


def test_every_value_is_in_the_api_and_in_archives() -> None:
    assert OF_SHOP - {"currency"} - set(CouponData().fields) == set(), "Step 5: CouponData."
    assert OF_SHOP - set(CouponOutput().fields) == set(), "Step 5: CouponOutput."
    assert ALL - NOT_TOLD - set(PublicCouponOutput().fields) == set(), "Step 5: PublicCouponOutput."
    body = public_coupon_body(Coupon(kind=CouponKind.FREE_DELIVERY))
    assert ALL - NOT_TOLD - body.keys() == set(), "Step 5: public_coupon_body."
    assert OF_SHOP - set(re.findall(r"\w+", COUPONS)) == set(), "Step 5: COUPONS in checkout/archives.py."
