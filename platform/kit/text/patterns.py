"""Patterns of texts for the API's description, in what the regular expressions of ECMA-262, Python and Rust share.

Rules clean a text before they judge it (`kit.text.rules`), so a pattern tells what has to be left. It can't tell all of
it: few programs read properties of characters ("any letter"). A text of marks alone, or a name of signs alone, fits its
pattern and is refused, as `blank` or `no_letter_or_digit`.
"""

from collections.abc import Iterable

STORABLE = r"[^\u0000]"
ANY = f"^{STORABLE}*$"
SHOWN = r"[^\s\u0000-\u001f\u007f-\u009f]"
NOT_SHOWN = r"[\s\u0001-\u001f\u007f-\u009f]"  # cleaning leaves nothing of it
VISIBLE = f"^{STORABLE}*{SHOWN}{STORABLE}*$"  # of any length: what is left of a text can't be counted
PATH_SEGMENT = r"^[^/\u0000]+$"
SLUG = "^[-a-zA-Z0-9_]+$"
# As `kit.text.rules.PHONE` with its number of digits, which begin and end it but for brackets.
PHONE = r"^\+?(?:\([ ()./-]*)?[0-9](?:[ ()./-]*[0-9]){5,16}(?:[ ()./-]*\))?$"
SUBDIVISION = "^[A-Za-z]{2}-[A-Za-z0-9]{1,3}$"
ACCOUNT_NUMBER = "^[ -]*[0-9](?:[ -]*[0-9]){5,15}[ -]*$"
CURRENCY = "^[A-Za-z]{3}$"
TIME_OF_DAY = r"^(?:[01][0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9](?:\.[0-9]{1,6})?)?$"


def one_of(values: Iterable[str]) -> str:
    """Return the pattern of one of some plain values."""
    return f"^(?:{'|'.join(sorted(values))})$"


def or_empty(pattern: str) -> str:
    """Return the pattern of a text that may be left empty and is only trimmed, as the values of a query are."""
    return pattern if pattern == ANY else rf"^\s*$|{pattern}"


def or_left_empty(pattern: str) -> str:
    """Return the pattern of a text of which cleaning may leave nothing."""
    return pattern if pattern == ANY else rf"^{NOT_SHOWN}*$|{pattern}"
