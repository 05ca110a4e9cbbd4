"""Orders across all shops."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from accounts.access import signed_in_user
from checkout.models import STUCK_REFUNDS, OrderStatus
from checkout.orders.operations import get_any_order, list_orders, payments_to_look_at
from console.access import operators_only
from console.filters import PERIODS, chosen, options, since, typed
from console.paging import paginate
from console.selectors.audit_log import ORDER, PAYMENT
from console.selectors.audit_sentences import history_of
from console.selectors.shops import shop_id_of
from console.services.orders import release_unpaid_order
from console.views.reasons import given_reason
from kit.errors import DomainError, NotFoundError
from kit.web.not_found import or_404
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
        "statuses": options(OrderStatus.choices, status, everything=gettext("Any status")),
        "periods": options(PERIODS, days, everything=gettext("Any time, or never")),
        "is_filtered": bool(status or search or slug or days),
    }
    return render(request, "console/orders.html", context)


@operators_only
def order_page(request: HttpRequest, number: str) -> HttpResponse:
    """Show an order with everything that belongs to it, in every shop."""
    order = or_404(get_any_order, number=number)
    payments = list(order.payments.all())
    refunds = [refund for payment in payments for refund in payment.refunds.all()]
    references = [payment.reference for payment in payments]
    entries = history_of(
        subjects=[
            f"{ORDER}{order.number}",
            *(f"{PAYMENT}{reference}" for reference in references),
            *(f"refund:{each.pk}" for each in refunds),
        ]
    )
    context = {
        "order": order,
        "may_release": order.status == OrderStatus.PENDING,
        "parts": list(order.sub_orders.all()),
        "payments": payments,
        "to_look_at": set(payments_to_look_at().filter(order=order).values_list("reference", flat=True)),
        "can_ask": {payment.reference for payment in payments if not payment.is_booked},
        "entries": entries,
        "refunds": refunds,
        "retriable": STUCK_REFUNDS,
        "journals": journals_of(sources=[*references, *(str(refund.pk) for refund in refunds)]),
        "events": list(list_events().filter(reference__in=references)[:20]) if references else [],
        "crumbs": [{"label": gettext("Orders"), "url": reverse("console:orders")}, {"label": order.number}],
    }
    return render(request, "console/order.html", context)


@operators_only
@require_POST
def order_release(request: HttpRequest, number: str) -> HttpResponse:
    """Give back the stock of an unpaid order, with a reason."""
    if reason := given_reason(request):
        try:
            release_unpaid_order(number=number, actor_id=signed_in_user(request).pk, reason=reason, now=timezone.now())
            messages.success(request, gettext("The items of this order are on sale again."))
        except NotFoundError as error:
            raise Http404 from error
        except DomainError as error:
            messages.error(request, error.message)
    return redirect("console:order", number=number)
