"""Dates in the reader's language, as Django writes them but for what it writes otherwise than the language does."""

import datetime as dt

from django.utils.formats import date_format

from kit.text.numbers import speaks_french


def written_date(value: dt.date, form: str) -> str:
    """Return a date in a form of Django's; in French a short month ends in a point: `29 nov. 2026`, `3 mai 2026`."""
    return date_format(value, localized_form(form))


def localized_form(form: str) -> str:
    """Return a form by which Django writes short months as the reader's language does."""
    return form.replace("M", "N") if speaks_french() else form
