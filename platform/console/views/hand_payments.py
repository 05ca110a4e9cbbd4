"""Payouts paid by hand: recorded with evidence, approved or refused by another operator."""

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
from console.forms.hand_payments import HandPaymentForm
from console.services import hand_payments as services
from console.views.reasons import given_reason
from kit.documents import PDF
from kit.errors import DomainError
from kit.private_files import private_file_response
from kit.web.body_rules import takes_files
from kit.web.not_found import or_404
from payouts.models import HandPayment, HandPaymentStatus, Payout
from payouts.runs.by_hand import evidence_folder
from payouts.runs.step_conditions import find_hand_refusal
from payouts.selectors.hand_payments import latest_hand_payment
from payouts.selectors.payouts import get_payout

REFUSED = 422


@takes_files
@operators_only
@require_http_methods(["GET", "HEAD", "POST"])
def mark_paid(request: HttpRequest, payout_id: UUID) -> HttpResponse:
    """Record that a payout was paid by hand, or decide about one that waits."""
    payout = or_404(get_payout, payout_id=payout_id)
    if request.method != "POST":
        return _page(request, payout, HandPaymentForm(auto_id="hand_%s"))
    if request.POST.get("act"):
        return _decide(request, payout)
    form = HandPaymentForm(request.POST, request.FILES, auto_id="hand_%s")
    if not form.is_valid():
        return _page(request, payout, form, status=REFUSED)
    file = form.cleaned_data["file"]
    try:
        payment = services.mark_paid(
            payout_id=payout_id,
            data=form.data_of_payment,
            upload=file,
            file_name=file.name,
            actor_id=signed_in_user(request).pk,
            now=timezone.now(),
        )
    except DomainError as error:
        form.add_error(None, error.message)
        return _page(request, payout, form, status=REFUSED)
    if payment.status == HandPaymentStatus.BOOKED:
        messages.success(request, gettext("The payout is booked as paid by hand. The shop gets a letter."))
    else:
        messages.success(request, gettext("The money is set aside. Another operator has to confirm the payment."))
    return redirect("console:payout", payout_id=payout_id)


@operators_only
@require_safe
def evidence(_request: HttpRequest, payout_id: UUID) -> HttpResponse:
    """Send the evidence of the latest payment by hand of a payout."""
    payment = latest_hand_payment(payout_id=payout_id)
    if payment is None:
        raise Http404
    return private_file_response(
        evidence_folder(payout_id),
        payment.file,
        file_name=payment.file_name,
        content_type=payment.content_type,
        is_attachment=payment.content_type == PDF,
    )


def _decide(request: HttpRequest, payout: Payout) -> HttpResponse:
    act, actor_id, now = request.POST["act"], signed_in_user(request).pk, timezone.now()
    if act not in {"approve", "refuse"}:
        raise Http404
    try:
        if act == "approve":
            services.approve_hand_payment(payout_id=payout.pk, actor_id=actor_id, now=now)
            messages.success(request, gettext("The payout is booked as paid by hand. The shop gets a letter."))
        elif reason := given_reason(request):
            services.refuse_hand_payment(payout_id=payout.pk, actor_id=actor_id, reason=reason, now=now)
            messages.success(request, gettext("Refused. The money is available to the shop again."))
    except DomainError as error:
        messages.error(request, error.message)
    return redirect("console:payout-mark-paid", payout_id=payout.pk)


def _page(request: HttpRequest, payout: Payout, form: HandPaymentForm, *, status: int = 200) -> HttpResponse:
    payment: HandPayment | None = latest_hand_payment(payout_id=payout.pk)
    context = {
        "payout": payout,
        "form": form,
        "payment": payment,
        "refusal": find_hand_refusal(payout),
        "is_waiting": payment is not None and payment.status == HandPaymentStatus.WAITING,
        "is_own": payment is not None and payment.recorded_by_id == signed_in_user(request).pk,
        "is_booked": payment is not None and payment.status == HandPaymentStatus.BOOKED,
        "crumbs": [
            {"label": gettext("Payouts"), "url": reverse("console:payouts")},
            {"label": payout.shop.name, "url": reverse("console:payout", args=[payout.pk])},
            {"label": gettext("Paid by hand")},
        ],
    }
    return render(request, "console/payout_by_hand.html", context, status=status)
