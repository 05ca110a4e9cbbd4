"""The form of a coupon, for shops and for operators."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_lazy

from catalogue.discovery.selectors.categories import category_tree
from checkout.coupons.inputs import MOST_USES, CouponInput
from checkout.coupons.keeping import MOST_CODES
from checkout.coupons.named_goods import NamedGoodsForm
from checkout.models import Coupon, CouponKind
from checkout.models.coupons import ALL_BPS, LONGEST_CODE
from checkout.pricing.coupons.facts import clean_code
from kit.errors import DomainError
from kit.money.amounts import parse_amount
from kit.templatetags.money import major
from kit.text.forms import LineField
from kit.text.numbers import parse_percentage, percentage

MOMENT = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
TYPED = {"inputmode": "decimal", "autocomplete": "off"}
# Fields of a refusal, where the form calls them something else.
FIELD_OF = {
    "percent_bps": "percent",
    "amount_minor": "amount",
    "minimum_minor": "minimum",
    "currency": "currency_code",
    "products": "skus",
}


class CouponForm(NamedGoodsForm):
    """A coupon as its maker types it.

    Args:
        currency: of its amounts.
        is_new: whether it is to be made; then many codes can be asked for at once.
    """

    code = LineField(label=gettext_lazy("Code"), max_length=2 * LONGEST_CODE)
    kind = forms.ChoiceField(label=gettext_lazy("It takes off"), choices=CouponKind.choices, widget=forms.RadioSelect)
    percent = LineField(
        label=gettext_lazy("Percentage"), max_length=8, required=False, widget=forms.TextInput(attrs=TYPED)
    )
    amount = LineField(label=gettext_lazy("Amount"), max_length=24, required=False, widget=forms.TextInput(attrs=TYPED))
    minimum = LineField(
        label=gettext_lazy("Minimum value of goods"), max_length=24, required=False, widget=forms.TextInput(attrs=TYPED)
    )
    starts_at = forms.DateTimeField(label=gettext_lazy("Valid from"), required=False, widget=MOMENT)
    ends_at = forms.DateTimeField(label=gettext_lazy("Ends"), required=False, widget=MOMENT)
    uses_total = forms.IntegerField(label=gettext_lazy("Total uses"), required=False, min_value=1, max_value=MOST_USES)
    uses_per_buyer = forms.IntegerField(
        label=gettext_lazy("Uses per buyer"), required=False, min_value=1, max_value=MOST_USES
    )
    is_first_order = forms.BooleanField(label=gettext_lazy("For a buyer’s first order only"), required=False)
    is_public = forms.BooleanField(label=gettext_lazy("Show it publicly"), required=False)
    is_paused = forms.BooleanField(label=gettext_lazy("Paused: it can’t be used for now"), required=False)
    categories = forms.TypedMultipleChoiceField(label=gettext_lazy("Categories"), coerce=int, required=False)
    count = forms.IntegerField(
        label=gettext_lazy("Number of codes"), required=False, min_value=1, max_value=MOST_CODES, initial=1
    )

    def __init__(self, *args: Any, currency: str, is_new: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.currency = currency
        tree = category_tree()
        field = self.fields["categories"]
        assert isinstance(field, forms.TypedMultipleChoiceField)
        field.choices = [(node.id, " › ".join(each.name for each in tree.path_to(node.id))) for node in tree.nodes]
        if not is_new:
            del self.fields["count"]

    def clean_code(self) -> str:
        """Return the code as it is stored."""
        return clean_code(self.cleaned_data["code"])

    def clean(self) -> dict[str, Any]:
        """Read the percentage and the amounts of the kind that was chosen."""
        data: dict[str, Any] = self.cleaned_data
        kind = data.get("kind")
        data["percent_bps"] = self._bps() if kind == CouponKind.PERCENT else None
        data["amount_minor"] = self._minor("amount") if kind == CouponKind.FIXED else None
        data["minimum_minor"] = self._minor("minimum") if data.get("minimum") else 0
        self.refuse_widening("products", "categories", named=[*data.get("skus", ()), *data.get("categories", ())])
        return data

    def to_input(self, **more: Any) -> CouponInput:
        """Return the coupon."""
        data = self.cleaned_data
        names = ("code", "percent_bps", "amount_minor", "minimum_minor", "starts_at", "ends_at", "uses_total")
        flags = ("uses_per_buyer", "is_first_order", "is_public", "is_paused")
        values = {name: data[name] for name in (*names, *flags)}
        categories = (*data["categories"], *self.kept_of("categories"))
        return CouponInput(kind=CouponKind(data["kind"]), categories=categories, **values | more)

    def add_refusal(self, error: DomainError) -> None:
        """Put a refusal beside the fields that it is about, or above the form."""
        details = error.details if isinstance(error.details, Mapping) else {}
        known = {FIELD_OF.get(name, name): texts for name, texts in details.items()}
        known = {name: texts for name, texts in known.items() if name in self.fields}
        for name, texts in known.items():
            self.add_error(name, " ".join(texts))
        if not known:
            self.add_error(None, error.message)

    def _bps(self) -> int | None:
        bps = parse_percentage(str(self.cleaned_data.get("percent") or ""))
        if bps is None or not 0 < bps <= ALL_BPS:
            self.add_error("percent", gettext("Give a percentage above 0 and up to 100, such as 10 or 7.5."))
            return None
        return bps

    def _minor(self, name: str) -> int:
        try:
            return parse_amount(str(self.cleaned_data.get(name) or ""), self.currency)
        except ValueError as error:
            self.add_error(name, str(error))
            return 0

    def saved(self, initial: Mapping[str, Any]) -> dict[str, Any]:
        """Return values as the form shows them, to be compared with those that were entered."""
        shown = {name: self.fields[name].widget.format_value(initial[name]) or "" for name in ("starts_at", "ends_at")}
        return {**{name: value for name, value in initial.items() if name in self.fields}, **shown}

    @staticmethod
    def initial_from(coupon: Coupon) -> dict[str, Any]:
        """Return the form's initial values."""
        living = category_tree().by_id
        same = ("code", "kind", "starts_at", "ends_at", "uses_total", "uses_per_buyer", "is_first_order")
        return {
            **{name: getattr(coupon, name) for name in (*same, "is_public", "is_paused")},
            "categories": [each for each in coupon.categories if each in living],
            "gone": {"categories": tuple(each for each in coupon.categories if each not in living)},
            "percent": percentage(coupon.percent_bps) if coupon.percent_bps else "",
            "amount": major(coupon.amount_minor) if coupon.amount_minor else "",
            "minimum": major(coupon.minimum_minor) if coupon.minimum_minor else "",
        }
