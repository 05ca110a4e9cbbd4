"""The forms of operators for the platform's coupons."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext, gettext_lazy

from checkout.coupons.forms import CouponForm
from checkout.coupons.inputs import CouponInput
from checkout.models import Coupon
from console.forms.actions import ReasonForm
from kit.text.forms import ParagraphsField
from tenants.shops.selectors import shops_by_id, shops_by_slug


class PlatformCouponForm(CouponForm, ReasonForm):
    """A coupon of the platform, with the reason of what is done."""

    currency_code = forms.ChoiceField(label=gettext_lazy("Currency of its amounts"), required=False)
    shops = ParagraphsField(label=gettext_lazy("Only these shops"), required=False, max_length=20_000, rows=3)

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        initial = kwargs.get("initial") or {}
        currency = (data or initial).get("currency_code", "") or ""
        super().__init__(data, currency=currency or settings.PLATFORM_CURRENCY, **kwargs)
        field = self.fields["currency_code"]
        assert isinstance(field, forms.ChoiceField)
        any_of_them = ("", gettext("Any, for a percentage or the delivery"))
        field.choices = [any_of_them, *((code, code) for code in sorted(settings.SHOP_CURRENCIES))]

    def clean_shops(self) -> tuple[int, ...]:
        """Return the ids of the shops that were named."""
        slugs = self.cleaned_data["shops"].split()
        found = shops_by_slug(slugs)
        if unknown := [slug for slug in slugs if slug not in found]:
            raise forms.ValidationError(gettext("There is no shop %(slug)s.") % {"slug": unknown[0]})
        return tuple(found[slug].pk for slug in slugs)

    def to_input(self, **more: Any) -> CouponInput:
        """Return the coupon."""
        said = self.cleaned_data
        return super().to_input(shops=said["shops"], currency=said["currency_code"], **more)

    @classmethod
    def initial_of(cls, coupon: Coupon) -> dict[str, Any]:
        """Return the form's initial values."""
        slugs = sorted(shop.slug for shop in shops_by_id(coupon.shops).values())
        return {**cls.initial_from(coupon), "currency_code": coupon.currency, "shops": "\n".join(slugs)}
