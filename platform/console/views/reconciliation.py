"""Differences between the ledger and the records of providers: the queue, and steps about one of them."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import signed_in_user
from console.access import operators_only
from console.filters import chosen, options
from console.paging import paginate
from console.selectors.audit_sentences import history_of
from console.selectors.difference_advice import advice_for
from console.services import reconciliation as services
from console.views.reasons import given_reason
from gateway.errors import ProviderError
from gateway.registry import provider_label
from kit.errors import DomainError
from kit.web.not_found import or_404
from payouts.models import Cause, DifferenceKind
from payouts.reconciliation.not_judged import not_judged_in
from payouts.reconciliation.selectors import get_difference, last_of_each_provider, last_runs, list_differences
from payouts.reconciliation.steps import ASK, BOOK_FEE, BOOK_OWN, END, steps_for

DONE = {
    ASK: gettext_lazy("The provider was asked again. The result is below."),
    BOOK_FEE: gettext_lazy("The fee is booked as the provider has it."),
    BOOK_OWN: gettext_lazy("It is booked as the operator’s own. The explanation is in the audit log."),
    END: gettext_lazy("Done. The explanation is in the audit log."),
}

EXPLAINED = {BOOK_OWN, END}  # steps that need a reason


@operators_only
@require_safe
def difference_list(request: HttpRequest) -> HttpResponse:
    """List the differences that are open, or those that were ended, and the last comparisons."""
    kind, cause = chosen(request, "kind", DifferenceKind.choices), chosen(request, "cause", Cause.choices)
    is_ended = request.GET.get("ended") == "1"
    runs = last_runs()
    found = list_differences(kind=kind, cause=cause, is_ended=is_ended)
    context = {
        "page": paginate(request, found),
        "kinds": options(DifferenceKind.choices, kind, everything=gettext("Any kind")),
        "causes": options(Cause.choices, cause, everything=gettext("Any difference")),
        "is_ended": is_ended,
        "is_filtered": bool(kind or cause),
        "runs": [(run, provider_label(run.provider)) for run in runs],
        "last": [(run, provider_label(run.provider), not_judged_in(run)) for run in last_of_each_provider(runs)],
    }
    return render(request, "console/reconciliation.html", context)


@operators_only
@require_POST
def compare_now(request: HttpRequest) -> HttpResponse:
    """Have the last days of each provider compared."""
    try:
        services.compare_now(actor_id=signed_in_user(request).pk, now=timezone.now())
        messages.success(request, gettext("The comparison has started. Load this page again to see its findings."))
    except DomainError as error:
        messages.error(request, error.message)
    return redirect("console:reconciliation")


@operators_only
@require_http_methods(["GET", "HEAD", "POST"])
def difference_page(request: HttpRequest, difference_id: UUID) -> HttpResponse:
    """Show a difference with its advice, and take a step about it."""
    difference = or_404(get_difference, difference_id=difference_id)
    if request.method == "POST":
        return _act(request, difference_id)
    context = {
        "difference": difference,
        "provider": provider_label(difference.provider),
        "advice": advice_for(difference),
        "steps": steps_for(difference),
        "entries": history_of(subjects=[f"{services.DIFFERENCE}{difference.pk}"], limit=10),
        "crumbs": [
            {"label": gettext("Reconciliation"), "url": reverse("console:reconciliation")},
            {"label": difference.reference or difference.provider_id},
        ],
    }
    return render(request, "console/difference.html", context)


def _act(request: HttpRequest, difference_id: UUID) -> HttpResponse:
    step, now, actor_id = request.POST.get("act", ""), timezone.now(), signed_in_user(request).pk
    reason = given_reason(request) if step in EXPLAINED else ""
    acts: dict[str, Callable[[datetime], object]] = {
        ASK: lambda now: services.ask_again(difference_id=difference_id, actor_id=actor_id, now=now),
        BOOK_FEE: lambda now: services.book_fee(difference_id=difference_id, actor_id=actor_id, now=now),
        BOOK_OWN: lambda now: services.book_own(difference_id=difference_id, actor_id=actor_id, reason=reason, now=now),
        END: lambda now: services.end_difference(
            difference_id=difference_id, actor_id=actor_id, reason=reason, now=now
        ),
    }
    if step not in acts:
        raise Http404
    if step not in EXPLAINED or reason:
        try:
            acts[step](now)
            messages.success(request, DONE[step])
        except DomainError as error:
            messages.error(request, error.message)
        except ProviderError:
            messages.error(
                request, gettext("The provider does not answer. Nothing has changed; try again in a minute.")
            )
    return redirect("console:difference", difference_id=difference_id)
