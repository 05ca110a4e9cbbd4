"""Health of all that the market needs to run, with the steps where something is wrong."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from console.access import operators_only
from kit.work.health import HealthState, check_health
from payouts.watch.selectors import count_open_findings

LABELS = {
    HealthState.GOOD: gettext_lazy("Good"),
    HealthState.BAD: gettext_lazy("Needs attention"),
    HealthState.NO_ANSWER: gettext_lazy("No answer"),
}
TONES = {HealthState.GOOD: "success", HealthState.BAD: "warning", HealthState.NO_ANSWER: "error"}


@operators_only
@never_cache
@require_safe
def health(request: HttpRequest) -> HttpResponse:
    """Ask everything once, side by side, and show what is wrong first."""
    found = check_health(now=timezone.now())
    rows = [
        {
            "health": each,
            "label": LABELS[each.state],
            "tone": TONES[each.state],
            "is_good": each.state == HealthState.GOOD,
        }
        for each in sorted(found, key=lambda each: each.state == HealthState.GOOD)
    ]
    context = {"rows": rows, "wrong": sum(not row["is_good"] for row in rows), "findings": count_open_findings()}
    return render(request, "console/health.html", context)
