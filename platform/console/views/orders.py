"""Orders across all shops, their payments and refunds."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.access import signed_in_user
from checkout.models import OrderStatus, PaymentStatus, RefundStatus
from checkout.selectors.operations import get_any_order, list_orders
from checkout.selectors.payments import list_payments, list_refunds
from checkout.services.payments.refunds import RETRIABLE
from console.access import operators_only
from console.forms import ReasonForm, chosen, options, typed
from console.paging import paginate
from console.selectors.shops import shop_id_of
from console.services.payments import retry_refund
from kit.errors import DomainError, NotFoundError
from payouts.selectors import journals_of
from webhooks.selectors import list_events


@operators_only
def order_list(request: HttpRequest) -> HttpResponse:
    """Find orders by number, payment reference, buyer or status."""
    status, search = chosen(request, "status", OrderStatus.choices), typed(request, "q")
    slug = typed(request, "shop")
    orders = list_orders(status=status, search=search, shop_id=shop_id_of(slug))
    context = {
        "page": paginate(request, orders),
        "search": search,
        "shop_slug": slug,
        "statuses": options(OrderStatus.choices, status, everything="Any status"),
        "is_filtered": bool(status or search or slug),
    }
    return render(request, "console/orders.html", context)


@operators_only
def order_page(request: HttpRequest, number: str) -> HttpResponse:
    """Show an order with everything that belongs to it, in every shop."""
    try:
        order = get_any_order(number=number)
    except NotFoundError as error:
        raise Http404 from error
    payments = list(order.payments.all())
    refunds = [refund for payment in payments for refund in payment.refunds.all()]
    references = [payment.reference for payment in payments]
    context = {
        "order": order,
        "parts": [
            {"part": part, "payable_minor": part.total_minor - part.commission_minor} for part in order.sub_orders.all()
        ],
        "payments": payments,
        "refunds": refunds,
        "retriable": RETRIABLE,
        "form": ReasonForm(),
        "journals": journals_of(sources=[*references, *(str(refund.pk) for refund in refunds)]),
        "events": list(list_events().filter(reference__in=references)[:20]) if references else [],
        "crumbs": [{"label": "Orders", "url": reverse("console:orders")}, {"label": order.number}],
    }
    return render(request, "console/order.html", context)


@operators_only
def payment_list(request: HttpRequest) -> HttpResponse:
    """List attempts to charge."""
    status, search = chosen(request, "status", PaymentStatus.choices), typed(request, "q")
    context = {
        "page": paginate(request, list_payments(status=status, search=search)),
        "search": search,
        "statuses": options(PaymentStatus.choices, status, everything="Any status"),
        "is_filtered": bool(status or search),
    }
    return render(request, "console/payments.html", context)


@operators_only
def refund_list(request: HttpRequest) -> HttpResponse:
    """List money given back, or to be given back."""
    status = chosen(request, "status", RefundStatus.choices)
    context = {
        "page": paginate(request, list_refunds(status=status)),
        "statuses": options(RefundStatus.choices, status, everything="Any status"),
        "is_filtered": bool(status),
    }
    return render(request, "console/refunds.html", context)


@operators_only
@require_POST
def refund_retry(request: HttpRequest, number: str, refund_id: UUID) -> HttpResponse:
    """Send a refund again, with a reason."""
    if not list_refunds().filter(pk=refund_id, payment__order__number=number).exists():
        raise Http404
    form = ReasonForm(request.POST)
    if form.is_valid():
        _retry(request, refund_id, form.cleaned_data)
    else:
        messages.error(request, "Say why in a few words: the reason is kept in the audit log.")
    return redirect("console:order", number=number)


def _retry(request: HttpRequest, refund_id: UUID, data: dict[str, Any]) -> None:
    try:
        retry_refund(
            refund_id=refund_id, actor_id=signed_in_user(request).pk, reason=data["reason"], now=timezone.now()
        )
        messages.success(request, "The refund is sent again.")
    except DomainError as error:
        messages.error(request, error.message)
