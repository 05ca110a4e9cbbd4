"""The checkout form."""

from typing import Any

from django import forms

from checkout.placing.request import Address
from kit.countries import DEFAULT_COUNTRY, country_choices
from kit.ids import uuid7

ADDRESS_FIELDS = ("name", "phone", "line1", "line2", "city", "state", "postcode", "country")


class AddressForm(forms.Form):
    """Where to send or bill."""

    name = forms.CharField(label="Full name", max_length=120)
    phone = forms.CharField(max_length=32, label="Phone")
    line1 = forms.CharField(label="Street and number", max_length=200)
    line2 = forms.CharField(label="Flat, landmark", max_length=200, required=False)
    city = forms.CharField(label="Town or city", max_length=100)
    state = forms.CharField(label="State", max_length=100)
    postcode = forms.CharField(max_length=20, required=False, label="Postcode")
    country = forms.ChoiceField(label="Country", choices=country_choices, initial=DEFAULT_COUNTRY)

    def __init__(self, *args: Any, section: str = "shipping", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        tokens = {"name": "name", "phone": "tel", "line1": "address-line1", "line2": "address-line2"}
        tokens |= {"city": "address-level2", "state": "address-level1", "postcode": "postal-code", "country": "country"}
        for field, token in tokens.items():
            self.fields[field].widget.attrs["autocomplete"] = f"{section} {token}"

    def address(self) -> Address:
        """Return what was entered."""
        return Address(**{field: self.cleaned_data[field] for field in ADDRESS_FIELDS})


class CheckoutForm(forms.Form):
    """Who buys, what total was shown, and the key that makes a second submission harmless."""

    email = forms.EmailField(label="E-mail", max_length=254)
    bills_elsewhere = forms.BooleanField(label="The bill goes to another address", required=False)
    expected_total_minor = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    request_key = forms.CharField(widget=forms.HiddenInput, max_length=64, initial=lambda: uuid7().hex)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].widget.attrs["autocomplete"] = "email"
