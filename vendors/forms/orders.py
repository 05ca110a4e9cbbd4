"""Forms for fulfilling orders."""

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext, gettext_lazy

from checkout.fulfilment.models import VendorOrder
from checkout.fulfilment.services import Parcel
from kit.text.forms import LineField, WebAddressField
from kit.text.unit_fields import UnitsField


class PickupCodeForm(forms.Form):
    """The code that a buyer tells where a parcel is handed out."""

    code = LineField(max_length=20, required=False, label=gettext_lazy("Pick-up code"))


class ParcelForm(forms.Form):
    """Carrier of a parcel, and the number and the link under which it can be followed."""

    carrier = LineField(label=gettext_lazy("Carrier"), max_length=80, required=False)
    tracking_number = LineField(max_length=80, required=False, label=gettext_lazy("Tracking number"))
    tracking_url = WebAddressField(required=False, label=gettext_lazy("Link to follow it"))

    @property
    def parcel(self) -> Parcel:
        """Return the tracking that was entered."""
        facts = self.cleaned_data
        return Parcel(facts["carrier"], facts["tracking_number"], facts["tracking_url"])


class SendParcelForm(ParcelForm):
    """A parcel that leaves: its tracking, and the units of each line in it, at first all that are left.

    Args:
        order: as `get_vendor_order` returns it. One that leaves in one parcel has no fields for units.
    """

    def __init__(self, *args: Any, order: VendorOrder, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.left = order.to_send
        is_one = order.is_at_station or sum(self.left.values()) <= 1
        self.lines = [] if is_one else [line for line in order.lines.all() if line.variant_id in self.left]
        for line in self.lines:
            left = self.left[line.variant_id]
            self.fields[_units_field(line.variant_id)] = UnitsField(
                label=gettext("Units in this parcel"), most=left, initial=left
            )

    def clean(self) -> dict[str, Any]:
        """Refuse an empty parcel."""
        if not self.errors and self.units == {}:
            raise forms.ValidationError(gettext("Put one thing at least into the parcel."), code="nothing_chosen")
        return self.cleaned_data

    @property
    def units(self) -> dict[UUID, int] | None:
        """Return the chosen units; None where nothing was to be chosen: all that is left."""
        chosen = {line.variant_id: self.cleaned_data.get(_units_field(line.variant_id)) for line in self.lines}
        if all(count is None for count in chosen.values()):
            return None
        return {key: count for key, count in chosen.items() if count}

    @property
    def rows(self) -> list[dict[str, Any]]:
        """Return the lines, each with its field."""
        return [{"line": line, "field": self[_units_field(line.variant_id)]} for line in self.lines]


def _units_field(variant_id: UUID) -> str:
    return f"units-{variant_id.hex}"
