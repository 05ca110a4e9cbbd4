"""Phone numbers: stored as E.164, shown as people write them in their country."""

from functools import lru_cache
from typing import TYPE_CHECKING

from django.utils.translation import gettext

from kit.text.characters import TextError
from kit.text.countries import DEFAULT_COUNTRY
from kit.text.rules import clean_phone

if TYPE_CHECKING:
    from phonenumbers import PhoneNumber

EXAMPLE = "+2348031234567"  # of the market's own country, and of those whose numbers are not known


@lru_cache(maxsize=1_024)
def stored_phone(text: str, *, country: str = "") -> str:
    """Return a phone number as E.164 (https://www.itu.int/rec/T-REC-E.164/); empty where none was entered.

    Args:
        country: where it is dialled without its country's code; the market's own where it is empty.

    Raises:
        TextError: no such number can be dialled; the message has one that could.
    """
    typed = clean_phone(text)
    if not typed:
        return ""
    number = _read(typed, country or DEFAULT_COUNTRY)
    if number is None:
        raise TextError(_advice(country or DEFAULT_COUNTRY), "unknown_phone")
    return _form(number, "E164")


def shown_phone(stored: str, country: str = "") -> str:
    """Return a phone number as people in a country write it; one that can't be read is shown as it is stored.

    Args:
        country: of the reader's address; with a number of another country its code is shown.
    """
    # A number from before E.164 was stored is shown as its owner wrote it.
    number = _read(stored, "") if stored.startswith("+") else None
    if number is None:
        return stored
    return _form(number, "NATIONAL" if _country_code(country) == number.country_code else "INTERNATIONAL")


def _read(typed: str, country: str) -> "PhoneNumber | None":
    """Return a number that is one by its country's plan; 00 is dialled for + in most countries."""
    import phonenumbers  # 0.07 s and 7 MB, where it is asked for alone

    spellings = [(typed, country)]
    if typed.startswith("00"):
        spellings.append((f"+{typed[2:]}", ""))
    for spelling, region in spellings:
        try:
            number = phonenumbers.parse(spelling, region or None)
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_valid_number(number):
            return number
    return None


def _form(number: "PhoneNumber", name: str) -> str:
    import phonenumbers

    return str(phonenumbers.format_number(number, getattr(phonenumbers.PhoneNumberFormat, name)))


def _country_code(country: str) -> int:
    import phonenumbers

    return int(phonenumbers.country_code_for_region(country))


def _advice(country: str) -> str:
    import phonenumbers

    kinds = phonenumbers.PhoneNumberType
    example = None
    if country != DEFAULT_COUNTRY:
        example = phonenumbers.example_number_for_type(country, kinds.MOBILE) or phonenumbers.example_number(country)
    example = example or phonenumbers.parse(EXAMPLE)
    here, abroad = _form(example, "NATIONAL"), _form(example, "INTERNATIONAL")
    message = gettext(
        "Write the number with its area code, such as %(here)s, or with its country's, such as %(abroad)s."
    )
    return message % {"here": here, "abroad": abroad}
