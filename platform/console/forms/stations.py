"""The form of operators for pick-up stations."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from accounts.address_forms import SHOWS_STATES, SubdivisionField
from checkout.stations.inputs import FIELDS, StationInput
from console.forms.actions import ReasonForm
from kit.errors import DomainError
from kit.text.countries import DEFAULT_COUNTRY, country_groups
from kit.text.forms import NameField, ParagraphsField
from kit.text.subdivisions import find_subdivision, subdivisions_of


class StationForm(ReasonForm):
    """A station, with the reason of what is done."""

    name = NameField(label=gettext_lazy("Name"), max_length=80)
    address = NameField(label=gettext_lazy("Street and number"), max_length=200)
    town = NameField(label=gettext_lazy("Town or city"), max_length=100)
    country = forms.ChoiceField(label=gettext_lazy("Country"), choices=country_groups, initial=DEFAULT_COUNTRY)
    subdivision = SubdivisionField(max_length=100, required=False)
    opening_hours = ParagraphsField(label=gettext_lazy("Opening hours"), max_length=300, rows=3)
    is_open = forms.BooleanField(
        label=gettext_lazy("Buyers may choose it"),
        required=False,
        initial=True,
        help_text=gettext_lazy("A closed station takes no new parcels; parcels of placed orders are still handed out."),
    )
    field_order = (*FIELDS, "reason")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field, country, entered = self.fields["subdivision"], self._entered("country"), self._entered("subdivision")
        assert isinstance(field, SubdivisionField)
        found = find_subdivision(country, entered)
        if not self.is_bound and found:
            entered = self.initial["subdivision"] = found.code
        field.offer(country, entered=entered)
        field.required = bool(subdivisions_of(country))
        self.fields["country"].widget.attrs |= {
            "hx-post": "",
            "hx-trigger": "change",
            "hx-vals": f'{{"{SHOWS_STATES}": "1"}}',
            "hx-target": f"#{self.fields_id}",
            "hx-select": f"#{self.fields_id}",
            "hx-swap": "outerHTML",
        }

    fields_id = "station-fields"

    def _entered(self, name: str) -> str:
        """Return the value of a field before it is bound, which freezes its label."""
        field = self.fields[name]
        if self.is_bound:
            return str(field.widget.value_from_datadict(self.data, self.files, self.add_prefix(name)) or "")
        return str(self.get_initial_for_field(field, name) or "")

    def to_input(self) -> StationInput:
        """Return the station."""
        return StationInput(**{name: self.cleaned_data[name] for name in FIELDS})

    def add_refusal(self, error: DomainError) -> None:
        """Put a refusal beside the fields that it is about, or above the form."""
        details: dict[str, Any] = error.details if isinstance(error.details, dict) else {}
        known = {name: texts for name, texts in details.items() if name in self.fields}
        for name, texts in known.items():
            self.add_error(name, " ".join(texts))
        if not known:
            self.add_error(None, error.message)
