"""Health of the watch: whether its rounds come to an end, and how many findings are open."""

from datetime import datetime, timedelta

from django.db.models import Max, Q
from django.utils.translation import gettext, gettext_lazy, ngettext

from kit.work.health import Finding, HealthProbe
from payouts.models import WatchRound
from payouts.watch.rounds import QUICK_EVERY, WHOLE_EVERY
from payouts.watch.selectors import count_open_findings

QUICK_LATE, WHOLE_LATE = 3 * QUICK_EVERY, WHOLE_EVERY + timedelta(hours=2)


def find_watch(now: datetime) -> Finding:
    """Tell when the checks were made last, and whether that is too long ago."""
    well = WatchRound.objects.filter(ended_at__isnull=False, problem="")
    last = well.aggregate(any=Max("ended_at"), whole=Max("ended_at", filter=Q(is_whole=True)))
    if last["any"] is None or last["whole"] is None:
        return Finding(False, gettext("Not all checks of the market have been made yet."))
    words = {
        "minutes": _minutes(now - last["any"]),
        "hours": _minutes(now - last["whole"]) // 60,
        "open": count_open_findings(),
    }
    figures = ngettext(
        "The last checks ended %(minutes)s min ago, the last full round %(hours)s h ago; %(open)s finding is open.",
        "The last checks ended %(minutes)s min ago, the last full round %(hours)s h ago; %(open)s findings are open.",
        words["open"],
    )
    return Finding(now - last["any"] < QUICK_LATE and now - last["whole"] < WHOLE_LATE, figures % words)


def _minutes(since: timedelta) -> int:
    return max(int(since.total_seconds() // 60), 0)


WATCH_HEALTH = HealthProbe(
    "watch",
    gettext_lazy("Checks of the market"),
    gettext_lazy(
        "Check that the scheduler and the worker for bulk jobs run, and look at their log for the task payouts.watch."
        " Then run the checks on their page."
    ),
    find_watch,
)
