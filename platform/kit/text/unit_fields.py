"""Form field for a number of units, of which there are only so many."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy


class UnitsField(forms.IntegerField):
    """A number of units from 0 to those that there are; left empty, it is none."""

    default_error_messages = {
        "invalid": gettext_lazy("Enter a whole number."),
        "min_value": gettext_lazy("Enter 0 or more."),
        "max_value": gettext_lazy("Enter %(limit_value)s at most: there are no more."),
    }

    def __init__(self, *, most: int, **kwargs: Any) -> None:
        super().__init__(min_value=0, max_value=most, required=False, **kwargs)
