"""Particulars of entries in a shop's audit trail: stored by their names, shown in words of the reader's language."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Choices
from django.utils.timezone import localtime
from django.utils.translation import gettext, gettext_lazy
from django_stubs_ext import StrOrPromise

from kit.sentences.stored import in_words
from kit.text.dates import written_date
from kit.text.numbers import grouped, percentage
from kit.wiring import Contribution, contributions
from tenants.models import DomainProblem, Role, ShopEventKind, ShopStatus

NOTHING = "–"
BEFORE, AFTER, FIELDS = "before", "after", "fields"
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d.*[+-]\d\d:\d\d")  # as isoformat writes an aware one
DAY = re.compile(r"\d{4}-\d\d-\d\d")


def value_in_words(value: Any) -> str:
    """Return a value as people read it: lists, yes and no, numbers, times, days, stored sentences."""
    if isinstance(value, list):
        return ", ".join(map(value_in_words, value))
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if isinstance(value, int):
        return grouped(value)
    if value in ("", None):
        return NOTHING
    return _text_in_words(str(value))


def _text_in_words(text: str) -> str:
    if MOMENT.match(text):
        return written_date(localtime(datetime.fromisoformat(text)), "j M Y, H:i T")
    if DAY.fullmatch(text):
        return written_date(date.fromisoformat(text), "j M Y")
    return in_words(text)


def label_in(choices: type[Choices]) -> Callable[[Any], str]:
    """Return a function that names a value of some choices; one of another release stays as it is."""
    return lambda value: str(choices(value).label) if value in choices.values else value_in_words(value)


@dataclass(frozen=True, slots=True)
class Particular(Contribution):
    """A particular that entries may have.

    Args:
        label: its name for people; empty where the subject says it.
        shown: a value in words.
    """

    name: str
    label: StrOrPromise
    shown: Callable[[Any], str] = value_in_words

    @property
    def key(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True)
class Replaced(Contribution):
    """Kind of the values before and after, in entries of one kind.

    Args:
        shown: a value in words.
    """

    kind: ShopEventKind
    shown: Callable[[Any], str]

    @property
    def key(self) -> str:
        return self.kind


def rate_in_words(bps: Any) -> str:
    """Return a rate in basis points as a percentage."""
    return gettext("%(rate)s %%") % {"rate": percentage(bps)} if isinstance(bps, int) else value_in_words(bps)


def particular_in_words(name: str, value: Any) -> str:
    """Return a particular with its name, in the language that is active; nothing where the subject says it.

    One that no app has named, of an earlier release, has the name that is stored.
    """
    known = next((each for each in contributions(Particular) if each.name == name), None)
    if known is None:
        return f"{name.replace('_', ' ')}: {value_in_words(value)}"
    words = {"name": known.label, "value": known.shown(value)}
    return gettext("%(name)s: %(value)s") % words if known.label else ""


def replaced_in_words(kind: str, before: Any, after: Any) -> str:
    """Return the values before and after, in the language that is active."""
    shown = next((each.shown for each in contributions(Replaced) if each.kind == kind), value_in_words)
    return f"{shown(before)} → {shown(after)}"


PARTICULARS = (
    Particular(FIELDS, ""),  # by the columns' names; the subject says them in words
    Particular("reason", gettext_lazy("reason")),
    Particular("role", gettext_lazy("role"), label_in(Role)),
    Particular("problem", gettext_lazy("problem"), label_in(DomainProblem)),
    Particular("returns_on", gettext_lazy("back on")),
    Particular("closes_at", gettext_lazy("closes on")),
    Particular("delete_after", gettext_lazy("kept until")),
    Particular("archived_at", gettext_lazy("archived on")),
    Particular("from_elsewhere", gettext_lazy("from another market")),
    Particular("copied_from", gettext_lazy("copied from")),
    Particular("application", gettext_lazy("application")),
    Particular("by_itself", gettext_lazy("by itself")),
    Particular("erased", gettext_lazy("data deleted")),
    Particular("rows", gettext_lazy("rows")),
    Particular("pictures", gettext_lazy("pictures")),
    Particular("bytes", gettext_lazy("bytes")),
    Replaced(ShopEventKind.STATUS_CHANGED, label_in(ShopStatus)),
    Replaced(ShopEventKind.ROLE_CHANGED, label_in(Role)),
    Replaced(ShopEventKind.COMMISSION_CHANGED, rate_in_words),
)
