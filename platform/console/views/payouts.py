"""Payouts of all shops: the list, the work queue, and acts on one of them."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import signed_in_user
from console.access import operators_only
from console.filters import chosen, options
from console.paging import paginate
from console.selectors.audit_sentences import history_of
from console.selectors.payout_acts import MARK_PAID, facts_of_payout
from console.services import payouts as services
from console.views.reasons import given_reason
from gateway.bank_accounts import masked
from kit.errors import DomainError
from kit.web.not_found import or_404
from payouts.models import PayoutStatus
from payouts.runs.errors import OtherPayoutOpenError
from payouts.selectors.payouts import get_payout, list_payouts, other_open_payout

ACTS = {
    "hold": services.hold_payout,
    "release": services.release_payout,
    "retry": services.retry_payout,
    "resolve": services.resolve_payout,
}


@operators_only
@require_safe
def payout_list(request: HttpRequest) -> HttpResponse:
    """List payouts, or those alone that wait for a person."""
    status = chosen(request, "status", PayoutStatus.choices)
    has_problem = request.GET.get("queue") == "1"
    found = list_payouts(status=status, has_problem=has_problem or None)
    context = {
        "page": paginate(request, found),
        "statuses": options(PayoutStatus.choices, status, everything=gettext("Any status")),
        "has_problem": has_problem,
        "is_filtered": bool(status or has_problem),
    }
    return render(request, "console/payouts.html", context)


@operators_only
@require_http_methods(["GET", "HEAD", "POST"])
def payout_page(request: HttpRequest, payout_id: UUID) -> HttpResponse:
    """Show a payout with its transfers, and act on it."""
    payout = or_404(get_payout, payout_id=payout_id)
    if request.method == "POST":
        return _act(request, payout_id)
    facts = facts_of_payout(payout, now=timezone.now())
    context = {
        "payout": payout,
        "account": masked(payout.bank_account.number),
        "advice": facts.advice,
        "acts": facts.acts,
        "other": other_open_payout(payout) if isinstance(facts.refusal, OtherPayoutOpenError) else None,
        "refusal": facts.refusal if payout.status != PayoutStatus.CANCELLED and not payout.problem else None,
        "can_mark_paid": MARK_PAID in facts.acts or facts.hand_payment is not None,
        "has_acts": set(ACTS) & set(facts.acts),
        "entries": history_of(subjects=[f"{services.PAYOUT}{payout.pk}"]),
        "crumbs": [
            {"label": gettext("Payouts"), "url": reverse("console:payouts")},
            {"label": payout.shop.name},
        ],
    }
    return render(request, "console/payout.html", context)


def _act(request: HttpRequest, payout_id: UUID) -> HttpResponse:
    act = ACTS.get(request.POST.get("act", ""))
    if act is None:
        raise Http404
    if reason := given_reason(request):
        try:
            act(payout_id=payout_id, actor_id=signed_in_user(request).pk, reason=reason, now=timezone.now())
            messages.success(request, gettext("Done. The reason is in the audit log."))
        except DomainError as error:
            messages.error(request, error.message)
    return redirect("console:payout", payout_id=payout_id)
