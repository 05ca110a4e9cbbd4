"""Forms of the checkout, and of what is cancelled afterwards."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar
from uuid import UUID

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext, gettext_lazy

from accounts.address_forms import PostalAddressForm
from checkout.models import SubOrder
from checkout.placing.request import ADDRESS_FIELDS, Address
from checkout.placing.saved_addresses import SavedAddress
from checkout.reversals.cancel_units import preview_cancellation
from checkout.reversals.choosing import Wanted, units_left, version_of_units
from kit.ids import uuid7
from kit.text.forms import EmailField, LineField
from kit.text.unit_fields import UnitsField
from notifications.services import offered_text_channels

TEXT_FIELDS = {"sms": "texts_by_sms", "whatsapp": "texts_by_whatsapp"}


class AddressForm(PostalAddressForm):
    """Address of delivery or billing."""

    takes_focus = True

    def __init__(self, *args: Any, section: str = "shipping", **kwargs: Any) -> None:
        super().__init__(*args, section=section, **kwargs)
        self.section = section
        self.fields["line1"].label, self.fields["line2"].label = gettext("Street and number"), gettext("Flat, landmark")

    def unjudged(self) -> "AddressForm":
        """Return a form with what was entered, for an address that does not count: it shows no faults."""
        entered = {name: self[name].value() for name in self.fields}
        return AddressForm(prefix=self.prefix, section=self.section, initial=entered)

    def address(self) -> Address:
        """Return the entered address."""
        return Address(**self.values())


class BookForm(forms.Form):
    """Base of choices between the addresses of a book and others.

    Args:
        read_book: returns the buyer's addresses by id, the default first; called where they are needed.
    """

    NEW = "new"
    NAME: ClassVar[str]  # of the field
    takes_focus = True

    def __init__(self, *args: Any, read_book: Callable[[], Mapping[str, SavedAddress]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._read_book = read_book

    @cached_property
    def book(self) -> Mapping[str, SavedAddress]:
        """Return the buyer's addresses by id."""
        return self._read_book()

    @property
    def others(self) -> tuple[str, ...]:
        """Return the choices beside the book's addresses."""
        return (self.NEW,)

    @property
    def first(self) -> str:
        """Return the choice that a fresh page suggests."""
        return next(iter(self.book), self.NEW)

    @property
    def field(self) -> forms.BoundField:
        """Return the field, for templates."""
        return self[self.NAME]

    @property
    def options(self) -> list[dict[str, Any]]:
        """Return the choices, and which one is made."""
        made = self.field.value() or (self.NEW if self.is_bound else self.first)
        return [
            {"id": key, "address": self.book.get(key), "is_chosen": key == made}
            for key in (*(key for key in self.others if key != self.NEW), *self.book, self.NEW)
        ]

    @property
    def chosen(self) -> SavedAddress | None:
        """Return the chosen address of the book; None for another one."""
        return self.book.get(self._choice) if self._choice not in self.others else None

    @property
    def is_new(self) -> bool:
        """Return whether a new address was entered."""
        return self._choice == self.NEW

    @property
    def _choice(self) -> str:
        return str(self.cleaned_data.get(self.NAME) or "")

    def _check_choice(self, asked: str) -> str:
        """Refuse an address that is not in the book any more."""
        if asked not in self.others and asked not in self.book:
            message = gettext("This address is no longer in your address book. Choose another one.")
            raise forms.ValidationError(message)
        return asked


class DeliveryForm(BookForm):
    """A place of delivery: an address of the buyer's address book, or a new one."""

    NAME = "address"
    address = LineField(label=gettext_lazy("Delivery address"), required=False, max_length=20)
    saves_address = forms.BooleanField(label=gettext_lazy("Save this address in my address book"), required=False)

    def clean_address(self) -> str:
        """Refuse an address that is not in the book any more."""
        return self._check_choice(self.cleaned_data["address"] or self.NEW)

    @property
    def saves(self) -> bool:
        """Return whether the new address goes into the address book."""
        return self.is_new and bool(self.cleaned_data.get("saves_address"))


class BillingForm(BookForm):
    """A billing address: that of the delivery, one of the buyer's address book, or a new one."""

    SAME = "same"
    NAME = "billing_address"
    billing_address = LineField(label=gettext_lazy("Billing address"), required=False, max_length=20)

    def clean_billing_address(self) -> str:
        """Refuse an address that is not in the book any more."""
        return self._check_choice(self.cleaned_data["billing_address"] or self.SAME)

    @property
    def others(self) -> tuple[str, ...]:
        """Return the choices beside the book's addresses."""
        return (self.SAME, self.NEW)

    @property
    def is_same(self) -> bool:
        """Return whether the bill goes where the parcel goes."""
        return self._choice == self.SAME

    @property
    def first(self) -> str:
        """Return the choice that a fresh page suggests: the book's address of bills, unless parcels go there too."""
        usual = next((key for key, saved in self.book.items() if saved.is_billing_default), "")
        return usual if usual and usual != next(iter(self.book)) else self.SAME


class CheckoutForm(forms.Form):
    """The buyer, the total and currency that were shown, and the key that makes a second submission harmless."""

    takes_focus = True

    email = EmailField(label=gettext_lazy("E-mail"))
    bills_elsewhere = forms.BooleanField(label=gettext_lazy("The billing address is different"), required=False)
    vat_number = LineField(label=gettext_lazy("VAT number"), required=False, max_length=40)
    texts_by_sms = forms.BooleanField(label=gettext_lazy("Send me messages about this order by SMS"), required=False)
    texts_by_whatsapp = forms.BooleanField(
        label=gettext_lazy("Send me messages about this order by WhatsApp"), required=False
    )
    expected_total_minor = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    currency = LineField(widget=forms.HiddenInput, required=False, max_length=3)
    request_key = LineField(widget=forms.HiddenInput, max_length=64, initial=lambda: uuid7().hex)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].widget.attrs["autocomplete"] = "email"
        for channel in {*TEXT_FIELDS} - {str(each) for each in offered_text_channels()}:
            del self.fields[TEXT_FIELDS[channel]]

    @property
    def text_fields(self) -> list[forms.BoundField]:
        """Return the boxes for messages to a phone; none where the market can send none."""
        return [self[name] for name in TEXT_FIELDS.values() if name in self.fields]

    @property
    def texts(self) -> frozenset[str]:
        """Return the channels by which messages to a phone were asked for."""
        return frozenset(channel for channel, name in TEXT_FIELDS.items() if self.cleaned_data.get(name))


class CancelUnitsForm(forms.Form):
    """Units of an order's parts to cancel; at first all that are left, and the same form again to confirm.

    Args:
        parts: only those with units that can be cancelled have fields.
        needs_reason: whether a reason has to be given.
    """

    takes_focus = True

    reason = LineField(label=gettext_lazy("Reason"), max_length=200, required=False)

    def __init__(self, *args: Any, parts: Sequence[SubOrder], needs_reason: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.parts = [part for part in parts if units_left(part)]
        self.fields["reason"].required = needs_reason
        for part in self.parts:
            for key, left in units_left(part).items():
                self.fields[_units_field(part, key)] = UnitsField(
                    label=gettext("Units to cancel"), most=left, initial=left
                )

    def clean(self) -> dict[str, Any]:
        """Refuse a form that cancels nothing."""
        if not self.errors and not self.units:
            raise forms.ValidationError(gettext("Enter how many to cancel: at least one."), code="nothing_chosen")
        return self.cleaned_data

    @property
    def units(self) -> Wanted:
        """Return the chosen units, without lines of which none is."""
        chosen = {
            part.pk: {
                key: count for key in units_left(part) if (count := self.cleaned_data.get(_units_field(part, key)))
            }
            for part in self.parts
        }
        return {key: units for key, units in chosen.items() if units}

    @property
    def refund_minor(self) -> int:
        """Return the amount that is refunded for the chosen units."""
        return sum(preview_cancellation(parts=self.parts, units=self.units))

    @property
    def seen(self) -> str:
        """Return the version of what is left of the chosen parts, which a confirmation is of."""
        chosen = self.units
        return version_of_units(part for part in self.parts if part.pk in chosen)

    @property
    def is_confirmed(self) -> bool:
        """Return whether the refunded amount was shown, of what is left now, and confirmed."""
        return str(self.data.get("confirmed", "")) == f"{self.refund_minor} {self.seen}"

    @property
    def rows(self) -> list[dict[str, Any]]:
        """Return the parts, each with its lines and their fields."""
        return [
            {
                "part": part,
                "lines": [
                    {"line": line, "field": self[_units_field(part, UUID(line["variant_id"]))]}
                    for line in part.counted_lines
                    if line["left"]
                ],
            }
            for part in self.parts
        ]


class OperatorCancelUnitsForm(CancelUnitsForm):
    """Units that an operator cancels, with a reason that the audit log keeps."""

    reason = LineField(label=gettext_lazy("Reason"), min_length=5, max_length=200)


class ShopCancelUnitsForm(CancelUnitsForm):
    """Units that a shop can't send."""

    restocks = forms.BooleanField(
        label=gettext_lazy("Put them back on sale"),
        help_text=gettext_lazy("Untick it if they are broken or lost."),
        required=False,
        initial=True,
    )


def _units_field(part: SubOrder, variant_id: UUID) -> str:
    return f"units-{part.pk.hex}-{variant_id.hex}"


class ChangeAddressForm(AddressForm):
    """Another delivery address of a paid order; texts that stay as they were are not judged again."""

    def __init__(self, *args: Any, address: Mapping[str, str] | None = None, **kwargs: Any) -> None:
        if address is not None:
            kwargs["initial"] = {name: address.get(name, "") for name in ADDRESS_FIELDS}
        super().__init__(*args, **kwargs)


class OperatorChangeAddressForm(ChangeAddressForm):
    """Another delivery address of a buyer's order, and why."""

    reason = LineField(label=gettext_lazy("Reason"), min_length=5, max_length=200)
