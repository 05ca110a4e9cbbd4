"""Orders across all shops."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from checkout.models import OrderStatus, PaymentStatus
from checkout.orders.operations import get_any_order, list_orders
from checkout.refunds.requests import RETRIABLE
from console.access import operators_only
from console.forms import PERIODS, chosen, options, since, typed
from console.paging import paginate
from console.selectors.audit_log import PAYMENT, entries_about
from console.selectors.shops import shop_id_of
from kit.errors import NotFoundError
from payouts.selectors import journals_of
from webhooks.selectors import list_events


@operators_only
def order_list(request: HttpRequest) -> HttpResponse:
    """Find orders by number, payment reference, buyer or status."""
    status, search = chosen(request, "status", OrderStatus.choices), typed(request, "q")
    slug = typed(request, "shop")
    days = chosen(request, "days", PERIODS)
    orders = list_orders(status=status, search=search, shop_id=shop_id_of(slug), paid_since=since(days, timezone.now()))
    context = {
        "page": paginate(request, orders),
        "search": search,
        "shop_slug": slug,
        "statuses": options(OrderStatus.choices, status, everything="Any status"),
        "periods": options(PERIODS, days, everything="Any time, or never"),
        "is_filtered": bool(status or search or slug or days),
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
    entries = entries_about(
        subjects=[*(f"{PAYMENT}{reference}" for reference in references), *(f"refund:{each.pk}" for each in refunds)]
    )
    dealt_with = {entry.subject.removeprefix(PAYMENT) for entry in entries}
    context = {
        "order": order,
        "parts": [
            {"part": part, "payable_minor": part.total_minor - part.commission_minor} for part in order.sub_orders.all()
        ],
        "payments": payments,
        "to_look_at": [
            payment.reference
            for payment in payments
            if payment.status == PaymentStatus.MISMATCHED and payment.reference not in dealt_with
        ],
        "entries": entries,
        "refunds": refunds,
        "retriable": RETRIABLE,
        "journals": journals_of(sources=[*references, *(str(refund.pk) for refund in refunds)]),
        "events": list(list_events().filter(reference__in=references)[:20]) if references else [],
        "crumbs": [{"label": "Orders", "url": reverse("console:orders")}, {"label": order.number}],
    }
    return render(request, "console/order.html", context)
