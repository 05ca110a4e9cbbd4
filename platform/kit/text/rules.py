"""Rules for each kind of text. A rule cleans a text, judges the rest and returns the form that is stored."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache

import idna
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext, gettext_lazy

from kit.text.characters import TextError, clean_line, clean_paragraphs, has_letter_or_digit
from kit.text.countries import country_codes

Cleaner = Callable[[str], str]

LONGEST_EMAIL = 254  # RFC 5321, erratum 1690
LONGEST_PHONE = 32
PHONE = re.compile(r"\+?[0-9(][0-9 ()./-]*[0-9)]")
DASHES = re.compile("[\u2010-\u2015\u2212\ufe58\ufe63\uff0d]")
PHONE_DIGITS = range(6, 18)  # E.164 has 15 at most; two more for who dials 00 first
PHONE_ERROR = gettext_lazy(
    "Write the number with its area code, such as 0803 123 4567, or with its country's, such as +234 803 123 4567."
)
EMAIL_ERROR = gettext_lazy("Enter a valid email address.")
COUNTRY_ERROR = gettext_lazy("Use a two-letter country code, such as NG.")
NAME_ERROR = gettext_lazy("Use at least one letter or digit.")
REQUIRED = gettext_lazy("This field is required.")


def clean_name(text: str) -> str:
    """Return a cleaned name of a person or thing.

    Raises:
        TextError: there is no letter or digit in it, or it can't be kept.
    """
    name = clean_line(text)
    if name and not has_letter_or_digit(name):
        raise TextError(str(NAME_ERROR), "no_letter_or_digit")
    return name


def clean_email(text: str) -> str:
    """Return an e-mail address in small letters.

    Raises:
        TextError: it is not an address, or its domain is not one of IDNA 2008 (RFC 5891).
    """
    email = clean_line(text).lower()
    if not email:
        return ""
    if not _is_email(email):
        raise TextError(str(EMAIL_ERROR), "invalid_email")
    return email


@lru_cache(maxsize=4096)
def _is_email(email: str) -> bool:
    """Return whether a text in small letters is an address; cached, since a request judges it several times."""
    local, _, domain = email.rpartition("@")
    # Django's pattern ignores case, and so takes letters such as the Kelvin sign for ASCII.
    if not local.isascii() or not _is_domain(domain):
        return False
    try:
        validate_email(email)
    except ValidationError:
        return False
    return True


@lru_cache(maxsize=4096)
def _is_domain(name: str) -> bool:
    """Return whether a domain is valid by IDNA 2008; cached, since most addresses are at a few domains."""
    try:
        idna.encode(name)
    except UnicodeError:
        return False
    return True


def spelled_email(text: str) -> str:
    """Return an e-mail address as it would be stored, to look it up; other texts are returned unchanged."""
    try:
        return clean_email(text)
    except TextError:
        return text


def spelled_line(text: str) -> str:
    """Return a line as it would be stored, to compare it; what can't be stored comes back as it is."""
    try:
        return clean_line(text)
    except TextError:
        return text


def clean_phone(text: str) -> str:
    """Return a phone number with ASCII digits and plain spaces and hyphens.

    Raises:
        TextError: it cannot be dialled.
    """
    phone = clean_line(text)
    if not phone.isascii():
        plain = DASHES.sub("-", unicodedata.normalize("NFKC", phone))
        phone = "".join(str(unicodedata.decimal(character, character)) for character in plain)
    digits = sum(map(str.isdigit, phone))
    if phone and (not PHONE.fullmatch(phone) or digits not in PHONE_DIGITS):
        raise TextError(str(PHONE_ERROR))
    return phone


def clean_country(text: str) -> str:
    """Return an ISO 3166-1 alpha-2 code in capitals.

    Raises:
        TextError: there is no such country.
    """
    code = clean_line(text)
    # Judged before it is made capitals: "ß" becomes "SS", which is South Sudan.
    if code and (not code.isascii() or code.upper() not in country_codes()):
        raise TextError(str(COUNTRY_ERROR))
    return code.upper()


PLAIN = r"[!-~]+(?: [!-~]+)*"
PLAIN_FORMS: dict[Cleaner, str] = {
    clean_line: PLAIN,
    clean_name: f"(?=.*[0-9A-Za-z]){PLAIN}",
    clean_phone: r"\+[0-9]{6,17}",
}
NEVER = "(?!)"


def _plain(clean: Cleaner, max_length: int | None, *, may_be_empty: bool) -> re.Pattern[str]:
    length = rf"(?=.{{0,{max_length}}}\Z)" if max_length is not None else ""
    return re.compile(f"(?:{length}{PLAIN_FORMS.get(clean, NEVER)}){'?' if may_be_empty else ''}")


@dataclass(frozen=True, slots=True)
class TextRule:
    """A kind of text with its greatest length, as it is when it is stored.

    Args:
        plain: of texts that are stored as they are, which most are: so much is found out in one look.
    """

    clean: Cleaner
    max_length: int | None = None
    may_be_empty: bool = False
    plain: re.Pattern[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "plain", _plain(self.clean, self.max_length, may_be_empty=self.may_be_empty))

    def __call__(self, text: str) -> str:
        """Return the text as it is stored.

        Raises:
            TextError: it can't be.
        """
        stored = self.clean(text)
        if not stored and not self.may_be_empty:
            raise TextError(str(REQUIRED), "required")
        if self.max_length is not None and len(stored) > self.max_length:
            message = gettext("Keep it within %(most)s characters; it has %(count)s.")
            raise TextError(message % {"most": f"{self.max_length:,}", "count": f"{len(stored):,}"}, "max_length")
        return stored


def line(max_length: int, *, may_be_empty: bool = False) -> TextRule:
    """Return the rule for a line."""
    return TextRule(clean_line, max_length, may_be_empty)


def name(max_length: int, *, may_be_empty: bool = False) -> TextRule:
    """Return the rule for a name."""
    return TextRule(clean_name, max_length, may_be_empty)


def paragraphs(max_length: int, *, may_be_empty: bool = False) -> TextRule:
    """Return the rule for a text of several lines."""
    return TextRule(clean_paragraphs, max_length, may_be_empty)


LINE = TextRule(clean_line, may_be_empty=True)
NAME = TextRule(clean_name, may_be_empty=True)
PARAGRAPHS = TextRule(clean_paragraphs, may_be_empty=True)
OPTIONAL_EMAIL = TextRule(clean_email, may_be_empty=True)
OPTIONAL_PHONE = TextRule(clean_phone, may_be_empty=True)
OPTIONAL_COUNTRY = TextRule(clean_country, may_be_empty=True)
EMAIL = TextRule(clean_email, LONGEST_EMAIL)
PHONE_NUMBER = TextRule(clean_phone, LONGEST_PHONE)
COUNTRY = TextRule(clean_country, 2)
