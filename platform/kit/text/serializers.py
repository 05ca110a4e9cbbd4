"""Fields of serializers that clean what is sent before they judge it."""

from typing import Any, ClassVar

from rest_framework import serializers

from kit.text import rules
from kit.text.characters import TextError
from kit.text.rules import TextRule

PHONE_HELP = "6 to 17 digits; a + before them, and spaces, dots, slashes, hyphens and brackets between them."


class LineField(serializers.CharField):
    """One line of text."""

    rule: ClassVar[TextRule] = rules.LINE

    def to_internal_value(self, data: Any) -> str:
        """Return the text as it is stored; length and patterns are judged afterwards."""
        if not isinstance(data, str):  # REST framework would take a number for a text
            self.fail("invalid")
        try:
            text = self.rule(super().to_internal_value(data))
        except TextError as error:
            raise serializers.ValidationError(str(error), code=error.code) from error
        if not text and not self.allow_blank:
            self.fail("blank")
        return text


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


class PhoneField(LineField):
    """A phone number in any usual spelling."""

    rule = rules.OPTIONAL_PHONE

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"max_length": rules.LONGEST_PHONE, "help_text": PHONE_HELP, **options})


class CountryField(LineField):
    """An ISO 3166-1 alpha-2 code in either case."""

    rule = rules.OPTIONAL_COUNTRY

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"max_length": 2, "help_text": "ISO 3166-1 alpha-2.", **options})


class SecretField(serializers.CharField):
    """A password or a token, taken as it was sent: never shown to anybody and never stored."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"trim_whitespace": False, "max_length": 128, **options})
