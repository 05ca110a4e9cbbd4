"""Fields of forms that take prices."""

from typing import Any

from django import forms

from kit.money import plain_amount
from kit.money.amounts import parse_amount
from kit.text.forms import LineField


class PriceField(LineField):
    """A price: typed and shown in major units, held in minor ones of the form's currency.

    A form sets `currency` before anything is read.
    """

    currency = ""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=24, **kwargs)
        self.widget.attrs.update({"inputmode": "decimal", "autocomplete": "off"})

    def prepare_value(self, value: Any) -> Any:
        """Show minor units as major ones, and what was typed as it was typed."""
        return plain_amount(value) if isinstance(value, int) else value

    def clean(self, value: Any) -> Any:
        """Return minor units, or None for nothing.

        Raises:
            ValidationError: it is not a price.
        """
        text = super().clean(value)
        if not text:
            return None
        try:
            return parse_amount(text, self.currency)
        except ValueError as error:
            raise forms.ValidationError(str(error), code="invalid") from error
