"""Payout runs: the preview, making one, and its approval by a second person."""

from itertools import islice
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from accounts.access import signed_in_user
from console.access import operators_only
from console.paging import paginate
from console.selectors.audit_sentences import history_of
from console.selectors.payout_advice import advice_for_run, words_of_run
from console.services import payouts as services
from console.views.reasons import given_reason
from kit.errors import DomainError
from kit.web.not_found import or_404
from payouts.models import RunStatus
from payouts.runs.preview import preview_payouts
from payouts.selectors.payouts import get_run, list_payouts, list_runs

PREVIEWED = 50


@operators_only
@require_http_methods(["GET", "HEAD", "POST"])
def run_list(request: HttpRequest) -> HttpResponse:
    """List runs with the preview of the next one, and make it."""
    if request.method == "POST":
        return _make(request)
    lines = list(islice(preview_payouts(now=timezone.now()), PREVIEWED + 1))
    context = {
        "page": paginate(request, list_runs()),
        "lines": lines[:PREVIEWED],
        "has_more": len(lines) > PREVIEWED,
        "is_daily": settings.PAYOUT_RUN_DAILY,
        "can_pay": any(line.skipped is None for line in lines),
    }
    return render(request, "console/payout_runs.html", context)


@operators_only
@require_http_methods(["GET", "HEAD", "POST"])
def run_page(request: HttpRequest, run_id: UUID) -> HttpResponse:
    """Show a run with its payouts; approve or cancel it."""
    run = or_404(get_run, run_id=run_id)
    if request.method == "POST":
        return _decide(request, run_id)
    context = {
        "run": run,
        "advice": advice_for_run(run),
        "words": words_of_run(run),
        "tried_at": run.due_at if run.status == RunStatus.SENDING and run.problem else None,
        "is_waiting": run.status == RunStatus.WAITING,
        "is_own": run.created_by_id == signed_in_user(request).pk,
        "page": paginate(request, list_payouts(run_id=run.pk)),
        "entries": history_of(subjects=[f"{services.RUN}{run.pk}"]),
        "crumbs": [
            {"label": gettext("Payout runs"), "url": reverse("console:payout-runs")},
            {"label": run.currency},
        ],
    }
    return render(request, "console/payout_run.html", context)


def _make(request: HttpRequest) -> HttpResponse:
    try:
        runs = services.make_runs(shop_id=None, actor_id=signed_in_user(request).pk, now=timezone.now())
    except DomainError as error:
        messages.error(request, error.message)
        return redirect("console:payout-runs")
    messages.success(request, gettext("The money is set aside. A run above the limit waits for another operator."))
    return redirect("console:payout-run", run_id=runs[0].pk)


def _decide(request: HttpRequest, run_id: UUID) -> HttpResponse:
    act, actor_id, now = request.POST.get("act", ""), signed_in_user(request).pk, timezone.now()
    if act not in {"approve", "cancel"}:
        raise Http404
    try:
        if act == "approve":
            services.approve_run(run_id=run_id, actor_id=actor_id, now=now)
            messages.success(request, gettext("Approved. The run is being sent."))
        elif reason := given_reason(request):
            services.cancel_run(run_id=run_id, actor_id=actor_id, reason=reason, now=now)
            messages.success(request, gettext("Cancelled. The money is available to the shops again."))
    except DomainError as error:
        messages.error(request, error.message)
    return redirect("console:payout-run", run_id=run_id)
