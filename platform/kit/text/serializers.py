"""Fields of serializers that clean what is sent before they judge it.

Each tells the pattern of what it takes to the API's description. The greatest length is that of what is sent, as the
description has it, and of what is stored, which may be longer (docs/adr/0064-what-the-description-promises.md).
"""

from collections.abc import Iterable
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy
from rest_framework import serializers

from kit.text import patterns, rules
from kit.text.characters import TextError
from kit.text.countries import country_codes
from kit.text.rules import TextRule
from kit.text.web_addresses import LONGEST as LONGEST_ADDRESS
from kit.text.web_addresses import PATTERN, WEB_ADDRESS

PHONE_HELP = "As it is dialled in the country, or with its country's code after a +; stored as E.164."


class LineField(serializers.CharField):
    """One line of text."""

    rule: ClassVar[TextRule] = rules.LINE

    def to_internal_value(self, data: Any) -> str:
        """Return the text as it is stored; length and patterns are judged afterwards."""
        if not isinstance(data, str):  # REST framework would take a number for a text
            self.fail("invalid")
        if self.max_length is not None and len(data) > self.max_length:
            self.fail("max_length", max_length=self.max_length)
        try:
            text = self.rule(super().to_internal_value(data))
        except TextError as error:
            raise serializers.ValidationError(str(error), code=error.code) from error
        if not text and not self.allow_blank:
            self.fail("blank")
        return text

    def pattern(self) -> str:
        """Return the pattern of the texts that are taken, for the API's description."""
        return patterns.or_left_empty(self.full_pattern()) if self.allow_blank else self.full_pattern()

    def full_pattern(self) -> str:
        """Return the pattern of the texts that are not empty."""
        if self.allow_blank:
            return patterns.ANY
        return patterns.VISIBLE


class NameField(LineField):
    """Name of a person or thing."""

    rule = rules.NAME


class ParagraphsField(LineField):
    """Several lines of text."""

    rule = rules.PARAGRAPHS


class EmailField(LineField, serializers.EmailField):
    """An e-mail address, in small letters."""

    rule = rules.OPTIONAL_EMAIL

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"max_length": rules.LONGEST_EMAIL, **options})


class WebAddressField(LineField):
    """Address of a page elsewhere, over https."""

    rule = WEB_ADDRESS

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"max_length": LONGEST_ADDRESS, **options})

    def full_pattern(self) -> str:
        """Return the pattern of the addresses that are taken."""
        return f"^{PATTERN}$"


class PhoneField(LineField):
    """A phone number in any usual spelling."""

    rule = rules.OPTIONAL_PHONE

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"max_length": rules.LONGEST_PHONE, "help_text": PHONE_HELP, **options})

    def full_pattern(self) -> str:
        """Return the pattern of a number that can be dialled."""
        return patterns.PHONE


class CountryField(LineField):
    """An ISO 3166-1 alpha-2 code in either case."""

    rule = rules.OPTIONAL_COUNTRY

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"max_length": 2, "help_text": "ISO 3166-1 alpha-2.", **options})

    def full_pattern(self) -> str:
        """Return the pattern of the codes that there are."""
        return patterns.one_of(country_codes())


class SubdivisionField(LineField):
    """An ISO 3166-2 code; whether the country has it is judged beside the country."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"max_length": 6, "help_text": "ISO 3166-2: NG-LA.", **options})

    def full_pattern(self) -> str:
        """Return the pattern of the codes."""
        return patterns.SUBDIVISION


class CurrencyField(LineField):
    """An ISO 4217 code in either case, such as NGN.

    Args:
        among: the only codes that are taken; the call judges them.
    """

    default_error_messages: ClassVar = {
        "not_a_currency": gettext_lazy("A currency is three letters, such as NGN."),
    }

    def __init__(self, *, among: Iterable[str] = (), **options: Any) -> None:
        super().__init__(**{"min_length": 3, "max_length": 3, "help_text": "ISO 4217.", **options})
        self._among = among

    def to_internal_value(self, data: Any) -> str:
        """Return the code in capitals."""
        text = super().to_internal_value(data)
        if not (text.isascii() and text.isalpha()):
            self.fail("not_a_currency")
        return text.upper()

    def full_pattern(self) -> str:
        """Return the pattern of three letters, or of the codes that are taken."""
        return patterns.one_of(self._among) if self._among else patterns.CURRENCY


class AccountNumberField(LineField):
    """A bank account's number; the call judges it."""

    def full_pattern(self) -> str:
        """Return the pattern of 6 to 16 digits."""
        return patterns.ACCOUNT_NUMBER


class SecretField(serializers.CharField):
    """A password or a token, taken as it was sent: never shown to anybody and never stored."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"trim_whitespace": False, "max_length": 128, **options})

    def pattern(self) -> str:
        """Return the pattern of all texts but those with a NUL."""
        return patterns.ANY


class OptionalText(LineField):
    """Text that may be empty, null or left out, which all come to the same."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"required": False, "allow_blank": True, "allow_null": True, "default": "", **options})

    def run_validation(self, data: Any = serializers.empty) -> Any:
        """Take nothing as an empty text."""
        return super().run_validation("" if data is None else data)
