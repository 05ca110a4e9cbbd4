"""Forms of the shop's registration for tax, and of the example beside it."""

from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_lazy

from checkout.fulfilment.services.tax_registration import Registration
from checkout.pricing.tax.registry import tax_rates
from kit.money.amounts import parse_amount
from kit.text.countries import country_choices, country_name
from kit.text.forms import LineField

EXAMPLE_MINOR = 10_000_00
LARGEST_MINOR = 10**12


class TaxForm(forms.Form):
    """Registration of a shop for tax."""

    is_registered = forms.BooleanField(label=gettext_lazy("My shop is registered for VAT"), required=False)
    country = forms.ChoiceField(label=gettext_lazy("Country of registration"), required=False)
    number = LineField(label=gettext_lazy("Registration number"), required=False, max_length=40)
    prices = forms.ChoiceField(
        label=gettext_lazy("My prices"),
        choices=[
            ("added", gettext_lazy("Don’t include tax: it is added in the basket")),
            ("included", gettext_lazy("Include tax")),
        ],
        widget=forms.RadioSelect,
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["country"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(table.country, country_name(table.country)) for table in tax_rates().tables()]

    def registration(self) -> Registration | None:
        """Return the entered registration; None for a shop that is not registered."""
        entered = self.cleaned_data
        if not entered["is_registered"]:
            return None
        return Registration(entered["country"], entered["number"], prices_include_tax=entered["prices"] == "included")

    @classmethod
    def initial_from(cls, registration: Registration | None, *, country: str) -> dict[str, Any]:
        """Return the form's initial values; for a shop that has no registration those that are usual in its country."""
        if registration is None:
            table = tax_rates().table(country)
            usual = "included" if table and table.prices_include_tax else "added"
            return {"is_registered": False, "country": country, "prices": usual}
        prices = "included" if registration.prices_include_tax else "added"
        return {
            "is_registered": True,
            "country": registration.country,
            "number": registration.number,
            "prices": prices,
        }


class ExampleForm(forms.Form):
    """A product's price, and the country of its buyer."""

    price = LineField(
        label=gettext_lazy("A product's price"),
        max_length=24,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )
    to = forms.ChoiceField(label=gettext_lazy("Country of the buyer"))

    def __init__(self, *args: Any, currency: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.currency = currency
        field = self.fields["to"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = country_choices()

    def clean_price(self) -> int:
        """Read the price in minor units."""
        try:
            price_minor = parse_amount(self.cleaned_data["price"], self.currency)
        except ValueError as error:
            raise forms.ValidationError(str(error)) from error
        if not 0 < price_minor <= LARGEST_MINOR:
            raise forms.ValidationError(gettext("A price is more than zero."))
        return price_minor
