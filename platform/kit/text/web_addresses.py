"""Addresses of pages elsewhere, such as those on which a carrier shows where a parcel is."""

import re

from django.utils.translation import gettext_lazy

from kit.text.characters import TextError, clean_line
from kit.text.rules import TextRule

LONGEST = 500
HOST = r"(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,24}"
AFTER = r"(?:[/?#][!#-;=?-\[\]_a-z~]*)?"  # neither spaces nor controls, quotes, angles or backslashes
PATTERN = f"https://{HOST}{AFTER}"
ERROR = gettext_lazy("Enter the whole link, beginning with https://, as the address bar shows it.")
FORM = re.compile(PATTERN)


def clean_web_address(text: str) -> str:
    """Return the address of a page, at a named host over https.

    Raises:
        TextError: it is none; numbers of hosts, names of users and ports are not taken.
    """
    address = clean_line(text)
    if address and (len(address) > LONGEST or not FORM.fullmatch(address)):
        raise TextError(str(ERROR))
    return address


WEB_ADDRESS = TextRule(clean_web_address, LONGEST, may_be_empty=True)
