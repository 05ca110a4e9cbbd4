"""Checks of the watch: those of its own, each declared by the app whose tables it reads, and all of the audit."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import LiteralString

from django.utils.translation import gettext_lazy
from django_stubs_ext import StrOrPromise

from kit.wiring import Contribution, contributions
from payouts.audit import AuditCheck, Found
from payouts.audit.checks import found_by
from payouts.audit.provider import NAME as PROVIDER
from payouts.audit.provider import TITLE as PROVIDER_TITLE

CORRECT_BY_JOURNAL = gettext_lazy(
    "The stored data contradicts itself: a fault in our code, or a change made outside our services. Hold the "
    "payouts of the shops named here, look at the journals, and correct the books with a new journal, never by "
    "changing one. Keep the finding for the developers."
)
ASK_THE_PROVIDER = gettext_lazy(
    "The provider’s balance differs from our books. Look at the reconciliation, which lists each movement that "
    "differs. Movements in the half hour before a comparison are not listed, because their events may still arrive: "
    "compare again with manage.py reconcile half an hour later."
)
CHECK_FAILED_ADVICE = gettext_lazy(
    "The check itself did not finish, so its result is unknown. Look at the workers’ log, and at the load of the "
    "database; then run the checks again."
)
THE_CHECK = "the check itself"  # subject of the finding that a check could not be made


@dataclass(frozen=True, slots=True)
class WatchCheck(Contribution):
    """A check of the watch alone: of what waits too long, or needs a person.

    Args:
        proves: what holds where nothing is found.
        remedy: what a finding means, and what to do.
        find: looks for what is off at a moment; it only reads.
        is_quick: it reads few rows however large the market is, so it is made often.
    """

    name: str
    proves: StrOrPromise
    remedy: StrOrPromise
    find: Callable[[datetime], Found]
    is_quick: bool = True

    @property
    def key(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True)
class Watched:
    """A check as it is shown."""

    name: str
    title: StrOrPromise
    remedy: StrOrPromise
    is_quick: bool


def find_waiting(text: LiteralString, *, longer_than: timedelta) -> Callable[[datetime], Found]:
    """Return a search by one statement for what has waited since `%(before)s`: subject, expected and found."""
    return lambda now: found_by(text, {"before": now - longer_than})


def find_at_once(text: LiteralString) -> Callable[[datetime], Found]:
    """Return a search by one statement, which yields subject, expected and found."""
    return lambda _: found_by(text)


def audit_checks(*, is_whole: bool) -> list[AuditCheck]:
    """Return the audit's checks: all, or the quick ones."""
    return [check for check in contributions(AuditCheck) if is_whole or check.is_quick]


def own_checks(*, is_whole: bool) -> list[WatchCheck]:
    """Return the checks of the watch alone: all, or the quick ones."""
    return [check for check in contributions(WatchCheck) if is_whole or check.is_quick]


def watched_checks(*, is_whole: bool = True) -> Sequence[Watched]:
    """Return every check of a round, in the order in which they are made."""
    own = [Watched(each.name, each.proves, each.remedy, each.is_quick) for each in own_checks(is_whole=is_whole)]
    audit = [Watched(e.name, e.proves, CORRECT_BY_JOURNAL, e.is_quick) for e in audit_checks(is_whole=is_whole)]
    provider = [Watched(PROVIDER, PROVIDER_TITLE, ASK_THE_PROVIDER, is_quick=False)] if is_whole else []
    return [*own, *audit, *provider]


def find_watched(name: str) -> Watched | None:
    """Return a check by its name; None for one that an earlier release had."""
    return next((check for check in watched_checks() if check.name == name), None)
