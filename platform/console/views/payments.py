"""Payments and refunds: the lists, and acting on those that are stuck."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from accounts.access import signed_in_user
from checkout.models import PaymentStatus, RefundStatus
from checkout.orders.operations import is_payment_of, list_payments, list_refunds
from console.access import operators_only
from console.filters import chosen, options, typed
from console.paging import paginate
from console.services.payments import ask_again, dismiss_payment, retry_refund
from console.views.reasons import given_reason
from kit.errors import DomainError
from kit.sentences.stored import in_words


@operators_only
@require_safe
def payment_list(request: HttpRequest) -> HttpResponse:
    """List attempts to charge."""
    status, search = chosen(request, "status", PaymentStatus.choices), typed(request, "q")
    context = {
        "page": paginate(request, list_payments(status=status, search=search)),
        "search": search,
        "statuses": options(PaymentStatus.choices, status, everything=gettext("Any status")),
        "is_filtered": bool(status or search),
    }
    return render(request, "console/payments.html", context)


@operators_only
@require_safe
def refund_list(request: HttpRequest) -> HttpResponse:
    """List money given back, or to be given back."""
    status = chosen(request, "status", RefundStatus.choices)
    context = {
        "page": paginate(request, list_refunds(status=status)),
        "statuses": options(RefundStatus.choices, status, everything=gettext("Any status")),
        "is_filtered": bool(status),
    }
    return render(request, "console/refunds.html", context)


@operators_only
@require_POST
def payment_dismiss(request: HttpRequest, number: str, reference: str) -> HttpResponse:
    """Take a payment off the list of exceptions, with a reason."""
    if not is_payment_of(reference=reference, number=number):
        raise Http404
    if reason := given_reason(request):
        try:
            dismiss_payment(reference=reference, actor_id=signed_in_user(request).pk, reason=reason, now=timezone.now())
            messages.success(request, gettext("The payment is no longer in the list."))
        except DomainError as error:
            messages.error(request, error.message)
    return redirect("console:order", number=number)


@operators_only
@require_POST
def payment_ask(request: HttpRequest, number: str, reference: str) -> HttpResponse:
    """Ask the provider about a payment again."""
    if not is_payment_of(reference=reference, number=number):
        raise Http404
    try:
        payment = ask_again(reference=reference, actor_id=signed_in_user(request).pk, now=timezone.now())
        messages.info(
            request,
            (
                gettext("The provider's answer: %(status)s. %(note)s")
                % {"status": payment.label.lower(), "note": in_words(payment.note)}
            ).strip(),
        )
    except DomainError as error:
        messages.error(request, error.message)
    return redirect("console:order", number=number)


@operators_only
@require_POST
def refund_retry(request: HttpRequest, number: str, refund_id: UUID) -> HttpResponse:
    """Send a refund again, with a reason."""
    if not list_refunds().filter(pk=refund_id, payment__order__number=number).exists():
        raise Http404
    if reason := given_reason(request):
        try:
            retry_refund(refund_id=refund_id, actor_id=signed_in_user(request).pk, reason=reason, now=timezone.now())
            messages.success(request, gettext("The refund is sent again."))
        except DomainError as error:
            messages.error(request, error.message)
    return redirect("console:order", number=number)
