"""Movements that a comparison has seen at the provider and does not judge yet: their events may be on their way."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.cache import cache
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext

from payouts.models import ReconciliationRun

KEPT_SECONDS = int(timedelta(days=3).total_seconds())


@dataclass(frozen=True, slots=True)
class NotJudged:
    """Number of a comparison's movements that are not judged yet, and the moment from which all of them are."""

    movements: int
    judged_from: datetime

    def __str__(self) -> str:
        counted = ngettext(
            "%(count)s movement of the last minutes is not judged yet, because its event may be on its way.",
            "%(count)s movements of the last minutes are not judged yet, because their events may be on their way.",
            self.movements,
        )
        at = date_format(timezone.localtime(self.judged_from), "j F Y, H:i T")
        when = gettext("A comparison after %(at)s judges them: the next daily one, or manage.py reconcile.")
        return f"{counted % {'count': self.movements}} {when % {'at': at}}"


def keep_not_judged(run: ReconciliationRun, *, movements: int, judged_from: datetime) -> None:
    """Keep the number of a comparison's movements that are not judged yet, while the daily ones compare their day."""
    cache.set(_key(run), [movements, judged_from.isoformat()], KEPT_SECONDS)


def not_judged_in(run: ReconciliationRun) -> NotJudged | None:
    """Return the movements that a comparison did not judge; None where it has judged all that it saw."""
    kept: tuple[int, str] | None = cache.get(_key(run))
    return NotJudged(kept[0], datetime.fromisoformat(kept[1])) if kept else None


def _key(run: ReconciliationRun) -> str:
    return f"reconciliation:not-judged:{run.pk}"
