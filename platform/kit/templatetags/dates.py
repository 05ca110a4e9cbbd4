"""`{{ at|date:"j M Y" }}`: Django's filter, with short months as the language writes them."""

import datetime as dt
from typing import Any

from django import template
from django.template.defaultfilters import date as django_date

from kit.text.dates import localized_form

register = template.Library()


@register.filter
def iso_date(text: str) -> dt.date:
    """Return the date that a text of ISO 8601 writes."""
    return dt.date.fromisoformat(text)


@register.filter(expects_localtime=True, is_safe=False)
def date(value: dt.date | str | None, arg: str | None = None) -> Any:
    """Write a date; in French a short month ends in a point: `29 nov. 2026`, `1er mai 2026`."""
    return django_date(value, localized_form(arg, value) if arg is not None else None)
