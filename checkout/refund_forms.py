"""The form that refunds money of a part of an order: entered, shown with the refund, then confirmed."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext, gettext_lazy

from checkout.errors import RefundTooLargeError
from checkout.models import SubOrder
from checkout.reversals.choosing import units_paid, version_of_units
from checkout.reversals.refund_part import PartRefund, preview_refund
from checkout.reversals.reverse import Actor
from kit.errors import DomainError
from kit.money import format_minor
from kit.text.forms import LineField
from kit.text.unit_fields import UnitsField
from kit.web.price_fields import PriceField


class RefundPartForm(forms.Form):
    """Units, delivery and goodwill of a part to give back."""

    takes_focus = True

    delivery = PriceField(label=gettext_lazy("Delivery to refund"), required=False)
    goodwill = PriceField(label=gettext_lazy("An amount without items"), required=False)
    reason = LineField(label=gettext_lazy("Reason"), max_length=200)

    def __init__(self, *args: Any, part: SubOrder, by: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.part, self.by = part, by
        for name in ("delivery", "goodwill"):
            self._price(name).currency = part.currency
        for key, paid in units_paid(part).items():
            self.fields[_units_field(key)] = UnitsField(label=gettext("Items to refund"), most=paid, initial=0)

    def _price(self, name: str) -> PriceField:
        field = self.fields[name]
        assert isinstance(field, PriceField)
        return field

    def clean(self) -> dict[str, Any]:
        """Refuse amounts that can't go back."""
        if not self.errors:
            try:
                self.refund_minor  # noqa: B018 - computes it
            except RefundTooLargeError as error:
                left = (error.details or {}).get("left_minor", 0)
                message = gettext("Only %(amount)s is left of it. Enter less.")
                raise forms.ValidationError(
                    message % {"amount": format_minor(left, self.part.currency)}, code=error.code
                ) from error
            except DomainError as error:
                raise forms.ValidationError(error.message, code=error.code) from error
        return self.cleaned_data

    @property
    def units(self) -> Mapping[UUID, int]:
        """Return the chosen units, without lines of which none is."""
        chosen = {key: self.cleaned_data.get(_units_field(key)) or 0 for key in units_paid(self.part)}
        return {key: count for key, count in chosen.items() if count}

    @property
    def part_refund(self) -> PartRefund:
        """Return the refund that was entered, as of what is left now."""
        entered = self.cleaned_data
        return PartRefund(
            part=self.part,
            by=self.by,
            reason=entered.get("reason", ""),
            units=self.units,
            delivery_minor=entered.get("delivery") or 0,
            goodwill_minor=entered.get("goodwill") or 0,
            seen=self.seen,
        )

    @cached_property
    def refund_minor(self) -> int:
        """Return the amount that is refunded."""
        return preview_refund(self.part_refund)

    @property
    def seen(self) -> str:
        """Return the version of what is left of the part, which a confirmation is of."""
        return version_of_units([self.part])

    @property
    def is_confirmed(self) -> bool:
        """Return whether the refunded amount was shown, of what is left now, and confirmed."""
        return str(self.data.get("confirmed", "")) == f"{self.refund_minor} {self.seen}"

    @property
    def rows(self) -> list[dict[str, Any]]:
        """Return the lines whose units can go back, each with its field."""
        return [
            {"line": line, "field": self[_units_field(UUID(line["variant_id"]))]}
            for line in self.part.counted_lines
            if line["paid"]
        ]


class OperatorRefundPartForm(RefundPartForm):
    """Money that an operator gives back, with a reason that the audit log keeps."""

    reason = LineField(label=gettext_lazy("Reason"), min_length=5, max_length=200)


def _units_field(variant_id: UUID) -> str:
    return f"units-{variant_id.hex}"
