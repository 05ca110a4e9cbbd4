"""The form of a shop's coupon."""

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext, gettext_lazy

from catalogue.selectors.products import first_skus, variants_by_sku
from checkout.coupons.forms import CouponForm
from checkout.coupons.inputs import CouponInput
from checkout.models import Coupon
from kit.text.forms import ParagraphsField
from tenants.models import Shop


class ShopCouponForm(CouponForm):
    """A coupon of a shop; the products that it is for are named by a SKU each."""

    skus = ParagraphsField(label=gettext_lazy("Only these products"), required=False, max_length=20_000, rows=3)

    def __init__(self, *args: Any, shop: Shop, **kwargs: Any) -> None:
        super().__init__(*args, currency=shop.currency, **kwargs)
        self.shop = shop

    def clean_skus(self) -> tuple[UUID, ...]:
        """Return the products that the SKUs name."""
        skus = self.cleaned_data["skus"].split()
        found = variants_by_sku(shop=self.shop, skus=skus) if skus else {}
        if unknown := [sku for sku in skus if sku not in found]:
            message = gettext("No product of yours has the SKU %(sku)s.") % {"sku": unknown[0]}
            raise forms.ValidationError(message)
        return tuple(dict.fromkeys(found[sku].product_id for sku in skus))

    def to_input(self, **more: Any) -> CouponInput:
        """Return the coupon."""
        return super().to_input(products=(*self.cleaned_data["skus"], *self.kept_of("products")), **more)

    @classmethod
    def initial_of(cls, coupon: Coupon, shop: Shop) -> dict[str, Any]:
        """Return the form's initial values."""
        ids = [UUID(each) for each in coupon.products]
        skus, initial = first_skus(shop=shop, product_ids=ids), cls.initial_from(coupon)
        gone = initial["gone"] | {"products": tuple(each for each in ids if each not in skus)}
        return {**initial, "skus": "\n".join(sorted(skus.values())), "gone": gone}
