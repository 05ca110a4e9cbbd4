"""Orders across all shops."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import signed_in_user
from checkout.documents.offered import offered_documents
from checkout.forms import CancelUnitsForm, OperatorCancelUnitsForm
from checkout.fulfilment.deadlines import Late
from checkout.fulfilment.status import PartStatus
from checkout.messaging.selectors import counts_of_parts
from checkout.models import STUCK_REFUNDS, Order, OrderStatus
from checkout.moves.facts import OrderFacts
from checkout.moves.judging import order_moves
from checkout.moves.move import Side
from checkout.orders.late_parts import count_late_parts, late_parts
from checkout.orders.operations import get_any_order, list_orders, payments_needing_attention, reversal_ids
from checkout.reversals.refund_part import may_refund
from console.access import operators_only
from console.filters import PERIODS, chosen, options, since, typed
from console.paging import paginate
from console.selectors.audit_log import ORDER, PAYMENT
from console.selectors.audit_sentences import history_of
from console.selectors.shops import shop_id_of
from console.services.orders import cancel_units_of_order, deliver_part_of_order, release_unpaid_order
from console.views.part_moves import moves_of_parts
from console.views.reasons import given_reason
from kit.errors import DomainError, NotFoundError
from kit.web.not_found import or_404
from payouts.disputes.selectors import list_disputes, set_off_sources
from payouts.selectors import journals_of
from webhooks.selectors import list_events

REFUSED = 422


@operators_only
@require_safe
def order_list(request: HttpRequest) -> HttpResponse:
    """Find orders by number, payment reference, buyer or status."""
    status, search = chosen(request, "status", OrderStatus.choices), typed(request, "q")
    slug = typed(request, "shop")
    days = chosen(request, "days", PERIODS)
    late, now = chosen(request, "late", Late.choices), timezone.now()
    orders = list_orders(
        status=status,
        search=search,
        shop_id=shop_id_of(slug),
        paid_since=since(days, now),
        late=late_parts(now=now, step=Late(late)) if late else None,
    )
    counts = count_late_parts(now=now)
    context = {
        "page": paginate(request, orders),
        "search": search,
        "shop_slug": slug,
        "statuses": options(OrderStatus.choices, status, everything=gettext("Any status")),
        "periods": options(PERIODS, days, everything=gettext("Any time, or never")),
        "late_options": options(Late.choices, late, everything=gettext("Late or not")),
        "late_to_send": counts[Late.TO_SEND],
        "late_to_arrive": counts[Late.TO_ARRIVE],
        "is_filtered": bool(status or search or slug or days or late),
    }
    return render(request, "console/orders.html", context)


@operators_only
@require_safe
def order_page(request: HttpRequest, number: str) -> HttpResponse:
    """Show an order with everything that belongs to it, in every shop."""
    order = or_404(get_any_order, number=number)
    payments = list(order.payments.all())
    refunds = [refund for payment in payments for refund in payment.refunds.all()]
    references = [payment.reference for payment in payments]
    set_offs = set_off_sources(payment_ids=[payment.pk for payment in payments])
    entries = history_of(
        subjects=[
            f"{ORDER}{order.number}",
            *(f"{PAYMENT}{reference}" for reference in references),
            *(f"refund:{each.pk}" for each in refunds),
        ]
    )
    context = {
        "order": order,
        "moves": order_moves(OrderFacts.of(order), by=Side.OPERATOR, now=timezone.now()),
        "parts": list(order.sub_orders.all()),
        "refundable": {part.pk for part in order.sub_orders.all() if may_refund(part)},
        "documents": offered_documents(list(order.sub_orders.all())),
        "message_rows": _message_rows(order),
        "part_moves": moves_of_parts(order.sub_orders.all()),
        "at_stations": [
            part
            for part in order.sub_orders.all()
            if part.status == PartStatus.SHIPPED and part.delivery.get("station")
        ],
        "payments": payments,
        "to_look_at": set(payments_needing_attention().filter(order=order).values_list("reference", flat=True)),
        "can_ask": {payment.reference for payment in payments if not payment.is_booked},
        "entries": entries,
        "refunds": refunds,
        "retriable": STUCK_REFUNDS,
        "journals": journals_of(
            sources=[*references, *(str(refund.pk) for refund in refunds), *set_offs, *reversal_ids(order)]
        ),
        "disputes": list(list_disputes().filter(payment_id__in=[payment.pk for payment in payments])[:5]),
        "events": list(list_events().filter(reference__in=references)[:20]) if references else [],
        "crumbs": [{"label": gettext("Orders"), "url": reverse("console:orders")}, {"label": order.number}],
    }
    return render(request, "console/order.html", context)


def _message_rows(order: Order) -> list[dict[str, Any]]:
    """Return the parts of an order, each with the number of messages about it."""
    parts = list(order.sub_orders.all())
    counts = counts_of_parts([part.pk for part in parts])
    return [{"part": part, "count": counts.get(part.pk, 0)} for part in parts]


@operators_only
@require_http_methods(["GET", "HEAD", "POST"])
def order_cancel(request: HttpRequest, number: str) -> HttpResponse:
    """Cancel items of a paid order that no shop has sent yet: chosen, shown with the refund, then confirmed."""
    order = or_404(get_any_order, number=number)
    is_paid = order.status in {OrderStatus.PAID, OrderStatus.COMPLETED}
    form = OperatorCancelUnitsForm(
        request.POST or None, parts=list(order.sub_orders.all()) if is_paid else [], needs_reason=True
    )
    is_valid = form.is_valid()
    if is_valid and form.is_confirmed:
        return _cancel(request, order, form)
    if not form.parts:
        return redirect("console:order", number=number)
    context = {
        "order": order,
        "form": form,
        "refund_minor": form.refund_minor if is_valid else None,
        "currency": order.currency,
        "crumbs": [
            {"label": gettext("Orders"), "url": reverse("console:orders")},
            {"label": number, "url": reverse("console:order", args=[number])},
            {"label": gettext("Cancel items")},
        ],
    }
    status = REFUSED if form.is_bound and not is_valid else 200
    return render(request, "console/order_cancel.html", context, status=status)


def _cancel(request: HttpRequest, order: Order, form: CancelUnitsForm) -> HttpResponse:
    try:
        cancel_units_of_order(
            order_id=order.pk,
            number=order.number,
            units=form.units,
            actor_id=signed_in_user(request).pk,
            reason=form.cleaned_data["reason"],
            seen=form.seen,
            now=timezone.now(),
        )
        messages.success(request, gettext("These items are cancelled. Buyer and shops are told."))
    except DomainError as error:
        messages.error(request, error.message)
    return redirect("console:order", number=order.number)


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


@operators_only
@require_POST
def part_deliver(request: HttpRequest, number: str, part: str) -> HttpResponse:
    """Mark a parcel delivered that was handed out at a station without the buyer's code, with a reason."""
    if reason := given_reason(request):
        actor_id = signed_in_user(request).pk
        try:
            deliver_part_of_order(number=number, part=part, actor_id=actor_id, reason=reason, now=timezone.now())
            messages.success(request, gettext("%(number)s is delivered. We are telling the buyer.") % {"number": part})
        except NotFoundError as error:
            raise Http404 from error
        except DomainError as error:
            messages.error(request, error.message)
    return redirect("console:order", number=number)
