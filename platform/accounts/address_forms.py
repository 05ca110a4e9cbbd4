"""Forms for addresses: the same rules for the address book and for orders."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import Address
from accounts.services.addresses import AddressInput
from accounts.towns import suggested_towns
from kit.text.address_forms import needs_subdivision, subdivision_label
from kit.text.countries import DEFAULT_COUNTRY, country_codes, country_groups
from kit.text.cross_field_rules import ADDRESS
from kit.text.forms import JudgedTogether, LineField, NameField, PhoneField
from kit.text.phones import shown_phone
from kit.text.subdivisions import find_subdivision, subdivisions_of

AUTOCOMPLETE = {
    "name": "name",
    "phone": "tel",
    "line1": "address-line1",
    "line2": "address-line2",
    "city": "address-level2",
    "state": "address-level1",
    "postcode": "postal-code",
    "country": "country",
}
# The button beside the country, for browsers without scripts: the page comes back with the states of the country.
SHOWS_STATES = "shows_states"


class SubdivisionField(LineField):
    """State, region or county: one of a country's, by its code, or a text where none are known.

    What was entered before its country's were offered stays among the choices.
    """

    widget: Any = forms.Select
    choices: list[tuple[str, str]]

    def offer(self, country: str, *, entered: str) -> None:
        """Offer those of a country; ask for nothing where it has none and nothing was entered."""
        known = subdivisions_of(country)
        self.label, self.required = subdivision_label(country), needs_subdivision(country)
        self.choices = [("", gettext("Choose one")), *((each.code, each.name) for each in known)]
        if not known:
            self.widget = forms.TextInput() if entered else forms.HiddenInput()
        elif entered and entered not in dict(self.choices):
            self.choices.append((entered, entered))
        if isinstance(self.widget, forms.Select):
            self.widget.choices = self.choices


class PostalAddressForm(JudgedTogether, forms.Form):
    """An address."""

    together = ADDRESS
    name = NameField(label=_("Full name"), max_length=120)
    phone = PhoneField()
    country = forms.ChoiceField(label=_("Country"), choices=country_groups, initial=DEFAULT_COUNTRY)
    line1 = NameField(label=_("Address"), max_length=200)
    line2 = LineField(label=_("Flat, floor, landmark"), max_length=200, required=False)
    city = NameField(label=_("Town or city"), max_length=100)
    state = SubdivisionField(
        max_length=100, error_messages={"required": _("Choose the state or region: shops deliver by it.")}
    )
    postcode = LineField(label=_("Postcode"), max_length=20, required=False)

    def __init__(self, *args: Any, section: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        state, entered = self.fields["state"], self._entered("state")
        if not self.is_bound and (found := find_subdivision(self.chosen_country, entered)):
            entered = self.initial["state"] = found.code
        assert isinstance(state, SubdivisionField)
        state.offer(self.chosen_country, entered=entered)
        self.fields["country"].widget.attrs |= self._reloads()
        self.fields["city"].widget.attrs["list"] = f"{self.fields_id}-towns"
        for name, token in AUTOCOMPLETE.items():
            self.fields[name].widget.attrs["autocomplete"] = f"{section} {token}".strip()

    @property
    def chosen_country(self) -> str:
        """Return the country that is chosen now; the market's own where there is no such one."""
        entered = self._entered("country")
        return entered if entered in country_codes() else DEFAULT_COUNTRY

    def _entered(self, name: str) -> str:
        """Return the value of a field before it is bound, which freezes its label."""
        field = self.fields[name]
        if self.is_bound:
            return str(field.widget.value_from_datadict(self.data, self.files, self.add_prefix(name)) or "")
        return str(self.get_initial_for_field(field, name) or "")

    @property
    def fields_id(self) -> str:
        """Return the id of the form's fields, of which a page may have two sets."""
        return f"{self.prefix or 'own'}-fields"

    @property
    def towns(self) -> list[str]:
        """Return towns of the country to suggest."""
        return suggested_towns(self.chosen_country)

    def _reloads(self) -> dict[str, str]:
        """Return the attributes by which another country brings its states."""
        return {
            "hx-post": "",
            "hx-trigger": "change",
            "hx-vals": f'{{"{SHOWS_STATES}": "1"}}',
            "hx-target": f"#{self.fields_id}",
            "hx-select": f"#{self.fields_id}",
            "hx-swap": "outerHTML",
        }

    def clean(self) -> dict[str, Any]:
        """Judge the texts that the fields have taken; the state is given as its code or as a text."""
        self.cleaned_data["subdivision"] = ""
        cleaned: dict[str, Any] = super().clean()
        return cleaned

    def values(self) -> dict[str, str]:
        """Return the entered address."""
        return {name: self.cleaned_data[name] for name in AddressInput.__dataclass_fields__}


class AddressForm(PostalAddressForm):
    """An address for the address book.

    Args:
        saved: the address that is changed; its texts are not judged again where they stay as they are.
    """

    is_default = forms.BooleanField(label=_("Deliver here unless I say otherwise"), required=False)
    is_billing_default = forms.BooleanField(label=_("Bill me here unless I say otherwise"), required=False)

    def __init__(self, *args: Any, saved: Address | None = None, **kwargs: Any) -> None:
        if saved is not None:
            kwargs["initial"] = self.initial_from(saved)
            self.kept = {name: getattr(saved, name) for name in AddressInput.__dataclass_fields__}
        super().__init__(*args, **kwargs)

    def to_input(self) -> AddressInput:
        """Return the entered values."""
        return AddressInput(**self.values())

    def choices(self) -> dict[str, bool]:
        """Return the uses for which the address is to be the first one."""
        return {name: self.cleaned_data[name] for name in ("is_default", "is_billing_default")}

    @staticmethod
    def initial_from(address: Address) -> dict[str, Any]:
        """Return the form's initial values for an existing address."""
        return shown_address(address) | {
            "is_default": address.is_default,
            "is_billing_default": address.is_billing_default,
        }


def shown_address(address: Address | AddressInput) -> dict[str, str]:
    """Return an address as a form shows it: the phone number as it is written there, the state by its code."""
    values = {name: getattr(address, name) for name in AddressInput.__dataclass_fields__}
    found = find_subdivision(address.country, address.state)
    return values | {
        "phone": shown_phone(address.phone, address.country),
        "state": found.code if found else address.state,
    }
