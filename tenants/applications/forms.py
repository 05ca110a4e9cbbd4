"""Forms for applicants."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext, gettext_lazy
from django_stubs_ext import StrOrPromise

from gateway.port import Bank
from gateway.registry import is_taken
from kit.errors import DomainError
from kit.money.names import currency_name
from kit.text.countries import DEFAULT_COUNTRY, country_groups
from kit.text.cross_field_rules import TOWN
from kit.text.forms import EmailField, JudgedTogether, LineField, NameField, ParagraphsField, PhoneField
from kit.text.phones import shown_phone
from tenants.applications.services.drafts import Business, RequestedShop
from tenants.models import BusinessKind, DocumentKind, ShopApplication
from tenants.shops.slugs import LONGEST


def currency_choices() -> list[tuple[str, str]]:
    """Return the currencies that shops may sell in, with a note on those in which buyers cannot pay yet."""
    return [(code, _choice(code)) for code in settings.SHOP_CURRENCIES]


def _choice(currency: str) -> str:
    name = currency_name(currency)
    if is_taken(currency):
        return name
    return gettext("%(currency)s: buyers cannot pay in it here yet") % {"currency": name}


def add_refusal(form: forms.Form, error: DomainError) -> None:
    """Put a refusal beside the fields that it is about, or above the form."""
    details = error.details if isinstance(error.details, dict) else {}
    known = {name: messages for name, messages in details.items() if name in form.fields}
    for name, messages in known.items():
        form.add_error(name, " ".join(messages))
    if not known:
        form.add_error(None, error.message)


def _text(label: StrOrPromise, length: int, *, autocomplete: str = "off", **options: Any) -> LineField:
    widget = forms.TextInput(attrs={"autocomplete": autocomplete})
    return LineField(label=label, max_length=length, widget=widget, **options)


def _name(label: StrOrPromise, length: int, *, autocomplete: str = "off") -> NameField:
    widget = forms.TextInput(attrs={"autocomplete": autocomplete})
    return NameField(label=label, max_length=length, widget=widget)


class RequestedShopForm(forms.Form):
    """The requested shop."""

    shop_name = _name(gettext_lazy("Name of the shop"), 120, autocomplete="organization")
    slug = _text(gettext_lazy("Address you would like"), LONGEST)
    what_is_sold = ParagraphsField(label=gettext_lazy("What do you sell?"), max_length=600)
    country = forms.ChoiceField(label=gettext_lazy("Country"), choices=country_groups, initial=DEFAULT_COUNTRY)
    currency = forms.ChoiceField(label=gettext_lazy("Currency"), choices=currency_choices)
    email = EmailField(label=gettext_lazy("E-mail address"), widget=forms.EmailInput(attrs={"autocomplete": "email"}))

    def clean_slug(self) -> str:
        """Take capitals for small letters, as browsers do."""
        return str(self.cleaned_data["slug"]).lower()

    def to_input(self) -> RequestedShop:
        """Return the entered values."""
        return RequestedShop(**{name: self.cleaned_data[name] for name in RequestedShop.__dataclass_fields__})

    @staticmethod
    def initial_from(application: ShopApplication) -> dict[str, Any]:
        """Return the form's initial values for an existing application."""
        return {name: getattr(application, name) for name in RequestedShop.__dataclass_fields__}


class BusinessForm(JudgedTogether, forms.Form):
    """The business that applies."""

    together = (TOWN,)

    kind = forms.ChoiceField(label=gettext_lazy("Who sells?"), choices=BusinessKind.choices, widget=forms.RadioSelect)
    legal_name = _name(gettext_lazy("Full legal name"), 160, autocomplete="organization")
    registration_number = _text(gettext_lazy("Registration number"), 40, required=False)
    contact_name = _name(gettext_lazy("Contact person"), 120, autocomplete="name")
    phone = PhoneField()
    address = _name(gettext_lazy("Business address"), 200, autocomplete="street-address")
    city = _name(gettext_lazy("Town or city"), 100, autocomplete="address-level2")

    def clean(self) -> dict[str, Any]:
        """Require a registration number of a company."""
        data: dict[str, Any] = super().clean()
        if data.get("kind") == BusinessKind.COMPANY and not data.get("registration_number"):
            self.add_error("registration_number", gettext("A registered business has a registration number."))
        return data

    def to_input(self) -> Business:
        """Return the entered values."""
        return Business(**{name: self.cleaned_data[name] for name in Business.__dataclass_fields__})

    @staticmethod
    def initial_from(application: ShopApplication) -> dict[str, Any]:
        """Return the form's initial values for an existing application."""
        stored = {name: getattr(application, name) for name in Business.__dataclass_fields__}
        return stored | {"phone": shown_phone(application.phone, application.country)}


class DocumentForm(forms.Form):
    """A document."""

    kind = forms.ChoiceField(label=gettext_lazy("What is it?"), choices=DocumentKind.choices)
    file = forms.FileField(
        label=gettext_lazy("File"),
        max_length=255,
        widget=forms.FileInput(attrs={"accept": ".pdf,.jpg,.jpeg,.png"}),
        allow_empty_file=True,
    )


class BankAccountForm(forms.Form):
    """Bank account for payouts."""

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
        field.choices = [("", gettext("Choose your bank")), *[(bank.code, bank.name) for bank in banks]]


class AnswerForm(forms.Form):
    """Message of the applicant."""

    message = ParagraphsField(label=gettext_lazy("A word to us"), max_length=1000, required=False)
