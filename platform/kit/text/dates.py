"""Dates in the reader's language, as Django writes them but for what it writes otherwise than the language does."""

import datetime as dt
import re

from django.utils.formats import date_format

from kit.text.conventions import conventions

DAY_OF_MONTH = re.compile(r"\bj(?= [FMN])")


def written_date(value: dt.date, form: str) -> str:
    """Return a date in a form of Django's; in French a short month ends in a point: `29 nov. 2026`, `1er mai 2026`."""
    return date_format(value, localized_form(form, value))


def localized_form(form: str, value: object = None) -> str:
    """Return a form by which Django writes short months, and a month's first day, as the reader's language does."""
    written = conventions()
    if isinstance(value, dt.date) and value.day == 1:
        form = DAY_OF_MONTH.sub(lambda _: written.first_day, form)
    return form.replace("M", written.short_month)
