"""Texts that are judged by others beside them: a phone number and a state by the country.

Forms, services and the raw admin judge them by the same rules, so that it makes no difference by which way they came.
"""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext

from kit.errors import Fault
from kit.text.address_forms import needs_subdivision
from kit.text.characters import TextError
from kit.text.countries import country_name
from kit.text.phones import stored_phone
from kit.text.subdivisions import closest_subdivision, find_subdivision, subdivisions_of

Texts = Mapping[str, str]
CODE = re.compile("[A-Z]{2}-[A-Z0-9]{1,3}")  # ISO 3166-2


@dataclass(frozen=True, slots=True)
class Together:
    """A rule about several texts, each of which its own rule has taken.

    Args:
        fields: those it reads and gives in the form that is stored.
        blamed: the one that a refusal is about.
    """

    fields: tuple[str, ...]
    blamed: str
    stored: Callable[[Texts], Texts]


def phone_in(country_field: str, *, field: str = "phone") -> Together:
    """Return the rule for a phone number that may be dialled as it is in the country of another field."""
    return Together(
        (field, country_field), field, lambda texts: {field: stored_phone(texts[field], country=texts[country_field])}
    )


def phone_of_market(field: str = "phone") -> Together:
    """Return the rule for a phone number that may be dialled as it is in the market's own country."""
    return Together((field,), field, lambda texts: {field: stored_phone(texts[field])})


def stored_place(texts: Texts) -> Texts:
    """Return the code and the name of a state, region or county, of which one is given as a code or a name.

    Raises:
        TextError: the country has no such one, or its addresses need one.
    """
    country, typed = texts["country"], texts["subdivision"] or texts["state"]
    if not subdivisions_of(country):
        is_code = bool(CODE.fullmatch(texts["state"]))
        return {"subdivision": "", "state": "" if is_code else texts["state"]}
    if not typed:
        if needs_subdivision(country):
            raise TextError(gettext("Choose the state or region: shops deliver by it."), "needed_in_country")
        return {"subdivision": "", "state": ""}
    found = find_subdivision(country, typed)
    if found is None:
        raise TextError(_advice(country, typed), "unknown_subdivision")
    named = find_subdivision(country, texts["state"])
    if named is not None and named != found:
        message = gettext("%(state)s is not %(code)s. Send one of them.")
        raise TextError(message % {"state": texts["state"], "code": found.code}, "not_the_same")
    return {"subdivision": found.code, "state": found.name}


def stored_town(texts: Texts) -> Texts:
    """Return the name of a town.

    Raises:
        TextError: it has no letter, as numbers and signs.
    """
    if texts["city"] and not any(map(str.isalpha, texts["city"])):
        raise TextError(gettext("Write the name of the town or city."), "no_letter")
    return {}


TOWN = Together(("city",), "city", stored_town)
PLACE = Together(("subdivision", "state", "country"), "state", stored_place)
ADDRESS: tuple[Together, ...] = (phone_in("country"), TOWN, PLACE)


def judged_together(
    rules: Collection[Together], texts: Mapping[str, str], *, but: Mapping[str, object] | None = None
) -> tuple[dict[str, str], dict[str, list[str]]]:
    """Return the texts in the form that is stored, and the faults by field.

    Args:
        but: stored texts; a rule whose texts are all as they are stored judges nothing.
    """
    stored: dict[str, str] = {}
    faults: dict[str, list[str]] = {}
    for rule in rules:
        if not all(map(texts.__contains__, rule.fields)):
            continue
        if but is not None and all(texts[field] == but.get(field) for field in rule.fields):
            continue
        try:
            stored |= rule.stored(texts)
        except TextError as error:
            faults[rule.blamed] = [Fault(str(error), error.code)]
    return stored, faults


def _advice(country: str, typed: str) -> str:
    near = closest_subdivision(country, typed)
    if CODE.fullmatch(typed):
        return gettext("Choose a state or region of %(country)s.") % {"country": country_name(country)}
    known = {"country": country_name(country), "typed": typed, "near": near}
    if near:
        return gettext("%(country)s has no “%(typed)s”. Did you mean %(near)s?") % known
    return gettext("%(country)s has no “%(typed)s”. Choose a state or region of this country.") % known
