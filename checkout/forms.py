"""The checkout form."""

from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext, gettext_lazy

from accounts.forms import PostalAddressForm
from checkout.placing.request import ADDRESS_FIELDS, Address
from kit.ids import uuid7
from kit.text.forms import EmailField, LineField


class AddressForm(PostalAddressForm):
    """Address of delivery or billing."""

    takes_focus = True

    def __init__(self, *args: Any, section: str = "shipping", **kwargs: Any) -> None:
        super().__init__(*args, section=section, **kwargs)
        self.section = section
        self.fields["line1"].label, self.fields["line2"].label = gettext("Street and number"), gettext("Flat, landmark")
        self.fields["state"].label = gettext("State")

    def unjudged(self) -> "AddressForm":
        """Return a form with what was entered, for an address that does not count: it shows no faults."""
        entered = {name: self[name].value() for name in self.fields}
        return AddressForm(prefix=self.prefix, section=self.section, initial=entered)

    def address(self) -> Address:
        """Return the entered address."""
        return Address(**{field: self.cleaned_data[field] for field in ADDRESS_FIELDS})


class DeliveryForm(forms.Form):
    """A place of delivery: an address of the buyer's address book, or a new one.

    Args:
        read_book: returns the buyer's addresses by id, the default first; called where they are needed.
    """

    NEW = "new"
    address = LineField(label=gettext_lazy("Delivery address"), required=False, max_length=20)
    saves_address = forms.BooleanField(label=gettext_lazy("Save this address in my address book"), required=False)
    takes_focus = True

    def __init__(self, *args: Any, read_book: Callable[[], Mapping[str, Address]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._read_book = read_book

    @cached_property
    def book(self) -> Mapping[str, Address]:
        """Return the buyer's addresses by id."""
        return self._read_book()

    def clean_address(self) -> str:
        """Refuse an address that is not in the book any more."""
        asked: str = self.cleaned_data["address"] or self.NEW
        if asked != self.NEW and asked not in self.book:
            message = gettext("This address is no longer in your address book. Choose another one.")
            raise forms.ValidationError(message)
        return asked

    @property
    def options(self) -> list[dict[str, Any]]:
        """Return the addresses to choose from, and which one is chosen."""
        chosen = self["address"].value() or (self.NEW if self.is_bound else next(iter(self.book), self.NEW))
        return [
            {"id": key, "address": self.book.get(key), "is_chosen": key == chosen} for key in (*self.book, self.NEW)
        ]

    @property
    def chosen(self) -> Address | None:
        """Return the chosen address of the book; None for a new one."""
        asked = self.cleaned_data.get("address", self.NEW)
        return None if asked == self.NEW else self.book[asked]

    @property
    def is_new(self) -> bool:
        """Return whether a new address was entered."""
        return self.cleaned_data.get("address") == self.NEW

    @property
    def saves(self) -> bool:
        """Return whether the new address goes into the address book."""
        return self.is_new and bool(self.cleaned_data.get("saves_address"))


class CheckoutForm(forms.Form):
    """The buyer, the total and currency that were shown, and the key that makes a second submission harmless."""

    takes_focus = True

    email = EmailField(label=gettext_lazy("E-mail"))
    bills_elsewhere = forms.BooleanField(label=gettext_lazy("The billing address is different"), required=False)
    vat_number = LineField(label=gettext_lazy("VAT number"), required=False, max_length=40)
    expected_total_minor = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    currency = LineField(widget=forms.HiddenInput, required=False, max_length=3)
    request_key = LineField(widget=forms.HiddenInput, max_length=64, initial=lambda: uuid7().hex)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].widget.attrs["autocomplete"] = "email"
