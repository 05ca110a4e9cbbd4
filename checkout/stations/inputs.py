"""A station as operators enter it."""

from dataclasses import dataclass, fields, replace
from typing import Annotated

from django.utils.translation import gettext

from checkout.models import Station
from kit.errors import Fault, InvalidInputError
from kit.text import rules
from kit.text.inputs import cleaned
from kit.text.subdivisions import find_subdivision, subdivisions_of


@dataclass(frozen=True, slots=True, kw_only=True)
class StationInput:
    """Columns of `Station`.

    Args:
        subdivision: an ISO 3166-2 code, or the name; stored as the code.
    """

    name: Annotated[str, rules.name(80)]
    address: Annotated[str, rules.name(200)]
    town: Annotated[str, rules.name(100)]
    subdivision: Annotated[str, rules.line(100, may_be_empty=True)] = ""
    country: Annotated[str, rules.COUNTRY]
    opening_hours: Annotated[str, rules.paragraphs(300)]
    is_open: bool = True


FIELDS = tuple(field.name for field in fields(StationInput))


def input_of(station: Station) -> StationInput:
    """Return a station's values."""
    return StationInput(**{name: getattr(station, name) for name in FIELDS})


def checked_station(data: StationInput) -> StationInput:
    """Return a station with its texts cleaned for storage, and the code of its subdivision.

    Raises:
        InvalidInputError: it can't be stored; `details` say why, by field.
    """
    data = cleaned(data)
    if not subdivisions_of(data.country):
        return replace(data, subdivision="")
    found = find_subdivision(data.country, data.subdivision)
    if found is None:
        message = gettext("Choose the state or region: shops deliver by it.")
        code = "unknown_subdivision" if data.subdivision else "needed_in_country"
        raise InvalidInputError(details={"subdivision": [Fault(message, code)]})
    return replace(data, subdivision=found.code)
