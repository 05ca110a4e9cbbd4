"""Form field for a percentage, which is kept in basis points."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext

from kit.text.numbers import parse_percentage, percentage

MOST_BPS = 10_000
INPUT = {"inputmode": "decimal", "autocomplete": "off"}


class PercentageField(forms.CharField):
    """A percentage from 0 to 100, typed as the reader's language writes it; its value is in basis points, or None."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=8, widget=forms.TextInput(attrs=INPUT), **kwargs)

    def prepare_value(self, value: Any) -> Any:
        """Return basis points as they are read; what was typed stays."""
        return percentage(value) if isinstance(value, int) else value

    def clean(self, value: Any) -> int | None:
        """Return basis points.

        Raises:
            ValidationError: it is no percentage, or none from 0 to 100.
        """
        typed = super().clean(value)
        if not typed:
            return None
        bps = parse_percentage(typed)
        if bps is None or bps > MOST_BPS:
            raise ValidationError(
                gettext("Give a percentage from 0 to 100, such as %(example)s.") % {"example": percentage(750)}
            )
        return bps
