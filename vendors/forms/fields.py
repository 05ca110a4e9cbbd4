"""Fields of the shop's forms."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext

from catalogue.services.validation import MAX_WEIGHT_G
from kit.text.conventions import conventions
from kit.text.forms import LineField
from kit.text.numbers import with_point

GRAMS = 1_000
# Without marks for thousands: 1,200 would be read in two ways.
WEIGHT = re.compile(r"(?P<whole>[0-9]{1,4})(?:\.(?P<rest>[0-9]{1,3}))?(?: ?kg)?")


class WeightField(LineField):
    """A weight: typed and shown in kilograms, held in grams."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=12, **kwargs)
        self.widget.attrs.update({"inputmode": "decimal", "autocomplete": "off"})

    def prepare_value(self, value: Any) -> Any:
        """Show grams as kilograms, and what was typed as it was typed."""
        return kilograms(value) if isinstance(value, int) else value

    def clean(self, value: Any) -> Any:
        """Return grams, or None for nothing.

        Raises:
            ValidationError: it is not a weight.
        """
        text = super().clean(value)
        if not text:
            return None
        try:
            return parse_weight(text)
        except ValueError as error:
            raise forms.ValidationError(str(error), code="invalid") from error


def kilograms(grams: int) -> str:
    """Return a weight in kilograms as it is typed: 0.42, in French 0,42."""
    whole, rest = divmod(grams, GRAMS)
    return f"{whole}{conventions().decimals}{rest:03}".rstrip("0") if rest else str(whole)


def parse_weight(text: str) -> int:
    """Read kilograms, such as 0.42, in French 0,42, and return grams.

    Raises:
        ValueError: it is not a weight; its text says what to enter.
    """
    entered = WEIGHT.fullmatch(with_point(text).casefold())
    grams = int(entered["whole"]) * GRAMS + int((entered["rest"] or "").ljust(3, "0")) if entered else -1
    if not 0 <= grams <= MAX_WEIGHT_G:
        raise ValueError(gettext("Enter a weight in kilograms, such as 0.5, to the gram."))
    return grams
