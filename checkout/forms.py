"""The checkout form."""

from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_lazy

from accounts.forms import PostalAddressForm
from checkout.placing.request import ADDRESS_FIELDS, Address
from kit.ids import uuid7
from kit.text.forms import EmailField, LineField


class AddressForm(PostalAddressForm):
    """Address of delivery or billing."""

    def __init__(self, *args: Any, section: str = "shipping", **kwargs: Any) -> None:
        super().__init__(*args, section=section, **kwargs)
        self.fields["line1"].label, self.fields["line2"].label = gettext("Street and number"), gettext("Flat, landmark")
        self.fields["state"].label = gettext("State")

    def address(self) -> Address:
        """Return the entered address."""
        return Address(**{field: self.cleaned_data[field] for field in ADDRESS_FIELDS})


class CheckoutForm(forms.Form):
    """The buyer, the total and currency that were shown, and the key that makes a second submission harmless."""

    email = EmailField(label=gettext_lazy("E-mail"))
    bills_elsewhere = forms.BooleanField(label=gettext_lazy("The billing address is different"), required=False)
    expected_total_minor = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    currency = LineField(widget=forms.HiddenInput, required=False, max_length=3)
    request_key = LineField(widget=forms.HiddenInput, max_length=64, initial=lambda: uuid7().hex)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].widget.attrs["autocomplete"] = "email"
