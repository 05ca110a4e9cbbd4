"""Addresses as each country writes them: https://www.upu.int/en/postal-solutions/programmes-services/addressing-solutions."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy, pgettext_lazy
from django_stubs_ext import StrOrPromise

from kit.text.countries import country_name
from kit.text.phones import shown_phone

POSTCODE_FIRST = (
    *("AT", "BE", "BF", "BJ", "CH", "CI", "CM", "CZ", "DE", "DK", "DZ", "EG", "ES", "ET", "FI", "FR", "GR", "IT", "LU"),
    *("MA", "MG", "ML", "MZ", "NE", "NL", "NO", "PL", "PT", "SE", "SN", "TG", "TN"),
)
# Lines between the street and the country. Where a line has the state, the country's addresses need it: for the letter,
# or since shops deliver by it.
LINES = {
    **dict.fromkeys(("AU", "BR", "CA", "IN", "US"), ("{city}, {state} {postcode}",)),
    **dict.fromkeys(("GH", "NG", "ZA"), ("{city} {postcode}", "{state}")),
    "KE": ("{postcode} {city}", "{state}"),
    "MX": ("{postcode} {city}, {state}",),
    **dict.fromkeys(("GB", "IE"), ("{city}", "{postcode}")),
    **dict.fromkeys(POSTCODE_FIRST, ("{postcode} {city}",)),
}
OTHERS = ("{city}, {state} {postcode}",)


LABELS = {
    **dict.fromkeys(("AU", "BR", "IN", "MX", "NG", "US"), pgettext_lazy("place", "State")),
    **dict.fromkeys(("CA", "ZA"), gettext_lazy("Province")),
    "GH": gettext_lazy("Region"),
    "KE": gettext_lazy("County"),
}


def subdivision_label(country: str) -> StrOrPromise:
    """Return the word for the states, regions or counties of a country."""
    return LABELS.get(country, gettext_lazy("State or region"))


def needs_subdivision(country: str) -> bool:
    """Return whether an address in a country is incomplete without its state, region or county."""
    return any("{state}" in line for line in LINES.get(country, ()))


def postal_lines(address: object) -> list[str]:
    """Return an address line by line, as it is written on a parcel in its country; empty lines are left out.

    Args:
        address: a mapping or an object with the fields of an address.
    """
    parts = {name: _text(address, name) for name in ("city", "state", "postcode")}
    country = _text(address, "country")
    lines = LINES.get(country, OTHERS)
    if not any("{state}" in line for line in lines):
        parts["city"] = ", ".join(part for part in (parts["city"], parts["state"]) if part)
    written = [line.format(**parts).strip(" ,").replace(" ,", ",") for line in lines]
    before = [_text(address, name) for name in ("name", "line1", "line2")]
    return [line for line in (*before, *written, country_name(country)) if line]


def address_lines(address: object) -> list[str]:
    """Return an address as `postal_lines` has it, with the phone number as it is written there."""
    phone = shown_phone(_text(address, "phone"), _text(address, "country"))
    return [*postal_lines(address), *([phone] if phone else [])]


def _text(address: object, name: str) -> str:
    value = address.get(name) if isinstance(address, Mapping) else getattr(address, name)
    return str(value or "")
