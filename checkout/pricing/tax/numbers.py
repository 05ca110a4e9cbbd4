"""Numbers under which businesses are registered for tax: their form, as far as it is known for the country."""

import re

from django.utils.translation import gettext

from checkout.pricing.tax.registry import tax_rates
from kit.text.characters import TextError, clean_line

LONGEST_NUMBER = 30
INVALID_NUMBER = "invalid_tax_number"
MARKS = re.compile(r"[\s.-]+")
# Of countries whose form is not known: letters and digits, at least one digit.
ANY = re.compile(r"(?=[A-Z/]*[0-9])[A-Z0-9/]{5,20}")


def cleaned_number(text: str, *, country: str) -> str:
    """Return a business's number in capitals, without blanks, dots and dashes; empty where none was entered.

    Raises:
        TextError: it does not have the form of the country's numbers.
    """
    number = MARKS.sub("", clean_line(text)).upper()
    if not number:
        return ""
    table = tax_rates().table(country)
    if table is None:
        if not ANY.fullmatch(number):
            words = gettext("Enter the number as your tax authority writes it: 5 to 20 letters and digits.")
            raise TextError(words, INVALID_NUMBER)
    elif not table.number.pattern.fullmatch(number):
        words = gettext("This is not a valid %(name)s. Enter it like %(example)s.")
        raise TextError(words % {"name": gettext(table.number.name), "example": table.number.example}, INVALID_NUMBER)
    return number
