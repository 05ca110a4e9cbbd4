"""Forms of a buyer who sends items back."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext, gettext_lazy

from checkout.exchanging.choosing import Choice, choices_of
from checkout.models import SubOrder
from checkout.photo_fields import PhotosForm
from checkout.returning.windows import returnable_lines
from kit.money import format_minor
from kit.text.forms import LineField, ParagraphsField
from kit.text.unit_fields import UnitsField

PRICE_AFTER = ":"  # between a variant and its price in a choice
REASONS = (
    gettext_lazy("It arrived broken"),
    gettext_lazy("It is not what I ordered"),
    gettext_lazy("It is not as described"),
    gettext_lazy("It does not fit"),
    gettext_lazy("I changed my mind"),
)


class AskReturnForm(PhotosForm):
    """Units of an order to send back, of one shop at a time, with a reason."""

    takes_focus = True

    reason = forms.ChoiceField(label=gettext_lazy("Why are you sending it back?"))
    note = ParagraphsField(label=gettext_lazy("What the shop should know"), max_length=2_000, required=False)

    def __init__(self, *args: Any, parts: Sequence[SubOrder], now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found = ((part, returnable_lines(part, now=now)) for part in parts)
        self.lines = {part.pk: (part, lines) for part, lines in found if lines}
        reason = self.fields["reason"]
        assert isinstance(reason, forms.ChoiceField)
        reason.choices = [("", gettext("Choose a reason")), *((str(each), str(each)) for each in REASONS)]
        for part, lines in self.lines.values():
            for key, line in lines.items():
                self.fields[_units_field(part, key)] = UnitsField(
                    label=gettext("Items to send back"), most=line.units, initial=0
                )
            for key, choices in choices_of(part, lines=lines).items():
                if choices:
                    self.fields[_wanted_field(part, key)] = forms.ChoiceField(
                        label=gettext("Refund or exchange"), choices=_shown_choices(part, choices), required=False
                    )
        self.add_photo_fields()

    def clean(self) -> dict[str, Any]:
        """Refuse a form that sends nothing back, or items of several shops."""
        if not self.errors and len(self.units) != 1:
            if self.units:
                message = gettext("These items are from several shops. Ask each shop for a return of its own items.")
            else:
                message = gettext("Enter how many to send back: at least one.")
            raise forms.ValidationError(message, code="nothing_chosen")
        return self.cleaned_data

    @property
    def units(self) -> Mapping[UUID, Mapping[UUID, int]]:
        """Return the chosen units of each part, without lines of which none is."""
        chosen = {
            part_id: {key: count for key in lines if (count := self.cleaned_data.get(_units_field(part, key)) or 0)}
            for part_id, (part, lines) in self.lines.items()
        }
        return {part_id: units for part_id, units in chosen.items() if units}

    @property
    def wanted(self) -> Mapping[UUID, UUID]:
        """Return the variants that are wanted instead of money, by line, of the lines that are sent back."""
        chosen = {
            key: self.cleaned_data.get(_wanted_field(self.lines[part_id][0], key))
            for part_id, units in self.units.items()
            for key in units
        }
        return {key: UUID(value.partition(PRICE_AFTER)[0]) for key, value in chosen.items() if value}

    @property
    def rows(self) -> list[dict[str, Any]]:
        """Return the parts, each with the lines that can be sent back and their fields."""
        return [
            {
                "part": part,
                "lines": [
                    {
                        "line": line,
                        "until": lines[UUID(line["variant_id"])].until,
                        "units": lines[UUID(line["variant_id"])].units,
                        "field": self[_units_field(part, UUID(line["variant_id"]))],
                        "wanted": self._wanted(part, UUID(line["variant_id"])),
                    }
                    for line in part.lines
                    if UUID(line["variant_id"]) in lines
                ],
            }
            for part, lines in self.lines.values()
        ]

    def _wanted(self, part: SubOrder, key: UUID) -> forms.BoundField | None:
        name = _wanted_field(part, key)
        return self[name] if name in self.fields else None


class WordForm(forms.Form):
    """A message to the other side of a return."""

    message = LineField(label=gettext_lazy("Your message"), max_length=500)


def _shown_choices(part: SubOrder, choices: Sequence[Choice]) -> list[tuple[str, str]]:
    """Return the choices of a line; a value names the price too, so that another price is never taken unseen."""
    return [
        ("", gettext("A refund")),
        *((f"{each.offer.variant_id}{PRICE_AFTER}{each.offer.price_minor}", _words(part, each)) for each in choices),
    ]


def _words(part: SubOrder, choice: Choice) -> str:
    name = " · ".join(choice.offer.options.values()) or choice.offer.sku
    amount = format_minor(abs(choice.difference_minor), part.currency)
    if choice.difference_minor > 0:
        return gettext("%(name)s, %(amount)s more") % {"name": name, "amount": amount}
    if choice.difference_minor < 0:
        return gettext("%(name)s, cheaper by %(amount)s") % {"name": name, "amount": amount}
    return name


def _wanted_field(part: SubOrder, variant_id: UUID) -> str:
    return f"wanted-{part.pk.hex}-{variant_id.hex}"


def _units_field(part: SubOrder, variant_id: UUID) -> str:
    return f"units-{part.pk.hex}-{variant_id.hex}"
