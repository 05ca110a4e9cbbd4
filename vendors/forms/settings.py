"""Forms of the shop's settings."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gateway.port import Bank
from kit.errors import DomainError
from kit.money.amounts import parse_amount
from kit.templatetags.money import major
from kit.text.forms import EmailField, LineField, NameField, ParagraphsField, PhoneField
from kit.text.phones import shown_phone
from kit.web.versions import ChangedMeanwhileError, show_what_is_saved
from tenants.models import Shop
from tenants.shops.selectors import get_shop

PICTURES = ".jpg,.jpeg,.png,.webp"
LONGEST_POLICY = 2000
LARGEST_RATE_MINOR = 100_000_000_00


def add_refusal(form: forms.Form, error: DomainError) -> None:
    """Put a refusal beside the fields that it is about, or above the form."""
    details = error.details if isinstance(error.details, dict) else {}
    known = {name: messages for name, messages in details.items() if name in form.fields}
    for name, messages in known.items():
        form.add_error(name, " ".join(messages))
    if not known:
        form.add_error(None, error.message)


def show_saved_shop(
    form: forms.Form, error: ChangedMeanwhileError, *, shop: Shop, initial: Callable[[Shop], dict[str, Any]]
) -> Shop:
    """Keep the entered values, show saved ones beside changed fields, and return the shop as saved."""
    now = get_shop(shop_id=shop.pk)
    show_what_is_saved(form, error, saved=initial(now))
    return now


class ProfileForm(forms.Form):
    """The shop's public profile."""

    name = NameField(max_length=120, label=gettext_lazy("Name of the shop"))
    tagline = LineField(label=gettext_lazy("Tagline"), max_length=160, required=False)
    description = ParagraphsField(label=gettext_lazy("Description"), max_length=4000, required=False, rows=6)
    city = NameField(max_length=100, required=False, label=gettext_lazy("Town or city"))
    contact_email = EmailField(required=False, label=gettext_lazy("E-mail address for buyers"))
    contact_phone = PhoneField(max_length=30, required=False, label=gettext_lazy("Phone for buyers"))
    logo = forms.FileField(
        label=gettext_lazy("Logo"), required=False, widget=forms.FileInput(attrs={"accept": PICTURES})
    )
    remove_logo = forms.BooleanField(required=False, label=gettext_lazy("Remove the logo"))
    banner = forms.FileField(
        label=gettext_lazy("Banner"), required=False, widget=forms.FileInput(attrs={"accept": PICTURES})
    )
    remove_banner = forms.BooleanField(required=False, label=gettext_lazy("Remove the banner"))

    WORDS = ("name", "tagline", "description", "city", "contact_email", "contact_phone")

    def words(self) -> dict[str, str]:
        """Return the entered texts."""
        return {name: self.cleaned_data[name] for name in self.WORDS}

    def uploads(self) -> dict[str, Any]:
        """Return the chosen files."""
        return {name: self.cleaned_data[name] for name in ("logo", "banner") if self.cleaned_data[name]}

    def removes(self) -> frozenset[str]:
        """Return the names of the pictures to be removed."""
        return frozenset(name for name in ("logo", "banner") if self.cleaned_data[f"remove_{name}"])

    @classmethod
    def initial_from(cls, shop: Shop) -> dict[str, str]:
        """Return the form's initial values."""
        stored = {name: getattr(shop, name) for name in cls.WORDS}
        return stored | {"contact_phone": shown_phone(shop.contact_phone, shop.country)}


class PoliciesForm(forms.Form):
    """Policies for delivery and returns."""

    delivery_policy = ParagraphsField(max_length=LONGEST_POLICY, label=gettext_lazy("Delivery"), rows=5)
    returns_policy = ParagraphsField(max_length=LONGEST_POLICY, label=gettext_lazy("Returns"), rows=5)

    WORDS = ("delivery_policy", "returns_policy")

    @classmethod
    def initial_from(cls, shop: Shop) -> dict[str, str]:
        """Return the form's initial values."""
        return {name: getattr(shop, name) for name in cls.WORDS}


class DeliveryForm(forms.Form):
    """Price of a delivery."""

    kind = forms.ChoiceField(
        label=gettext_lazy("Delivery"),
        choices=[
            ("free", gettext_lazy("Free: it is in my prices")),
            ("flat", gettext_lazy("One price for every delivery")),
        ],
        widget=forms.RadioSelect,
    )
    amount = LineField(
        label=gettext_lazy("Price of a delivery"),
        max_length=24,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )

    def __init__(self, *args: Any, currency: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.currency = currency

    def clean(self) -> dict[str, Any]:
        """Read the price, where there is to be one."""
        data: dict[str, Any] = self.cleaned_data
        data["shipping_minor"] = 0
        if data.get("kind") != "flat":
            return data
        try:
            data["shipping_minor"] = parse_amount(data.get("amount", ""), self.currency)
        except ValueError as error:
            self.add_error("amount", str(error))
            return data
        if not 0 < data["shipping_minor"] <= LARGEST_RATE_MINOR:
            self.add_error("amount", _("Enter an amount above zero, or choose free."))
        return data

    @staticmethod
    def initial_from(shop: Shop, *, is_decided: bool) -> dict[str, Any]:
        """Return the form's initial values; empty for a shop that has not decided yet."""
        if shop.shipping_minor:
            return {"kind": "flat", "amount": major(shop.shipping_minor)}
        return {"kind": "free"} if is_decided else {}


class AccountForm(forms.Form):
    """Bank account of payouts."""

    bank_code = forms.ChoiceField(label=gettext_lazy("Bank"))
    number = LineField(
        label=gettext_lazy("Account number"),
        max_length=30,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )

    def __init__(self, *args: Any, banks: list[Bank], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["bank_code"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("Choose your bank")), *[(bank.code, bank.name) for bank in banks]]
