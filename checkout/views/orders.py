"""A buyer's orders."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views import View
from django.views.generic import ListView

from checkout.access import order_for
from checkout.ending.end_orders import cancel_order
from checkout.fulfilment.status import TO_SEND, PartStatus
from checkout.models import Order, OrderStatus, SubOrder
from checkout.orders.payments import is_payment_unclear, latest_payment
from checkout.orders.selectors import orders_of_buyer
from kit.errors import DomainError, NotFoundError

STEPS = [
    (PartStatus.NEW, "Paid"),
    (PartStatus.PACKED, "Packed"),
    (PartStatus.SHIPPED, "On its way"),
    (PartStatus.DELIVERED, "Delivered"),
]


class OrdersView(LoginRequiredMixin, ListView[Order]):
    """All orders of the signed-in person."""

    template_name = "checkout/orders.html"
    context_object_name = "orders"
    paginate_by = 20

    def get_queryset(self) -> Any:
        return orders_of_buyer(user_id=self.request.user.pk or 0)


class OrderView(View):
    """One order: where each shop's part stands, and what was paid."""

    def get(self, request: HttpRequest, number: str) -> HttpResponse:
        try:
            order = order_for(request, number)
        except NotFoundError as error:
            if request.user.is_authenticated:
                raise Http404 from error
            # A letter's link, opened in another browser; no different where there is no such order.
            return redirect_to_login(request.path)
        if "key" in request.GET:
            return redirect(order)
        parts = order.sub_orders.all()
        context = {
            "order": order,
            "payment": latest_payment(order_id=order.pk),
            "parts": [{"part": part, "events": timeline(order, part)} for part in parts],
            "parts_to_send": [part for part in parts if part.status in TO_SEND],
            "is_unclear": order.status == OrderStatus.EXPIRED and is_payment_unclear(order),
            "can_pay": order.status == OrderStatus.PENDING and order.expires_at > timezone.now(),
        }
        return render(request, "checkout/order.html", context)


class OrderCancelView(View):
    """Cancelling an order that is not paid."""

    def post(self, request: HttpRequest, number: str) -> HttpResponse:
        order = _order_or_404(request, number)
        try:
            cancel_order(order_id=order.pk, now=timezone.now())
            messages.success(
                request, "Your order is cancelled. Should a payment still arrive, all of it goes back to you."
            )
        except DomainError as error:
            messages.error(request, error.message)
        return redirect(order)


def timeline(order: Order, part: SubOrder) -> list[dict[str, Any]]:
    """Return a part's way to the buyer as steps that are done, current or to come."""
    statuses = [status for status, _ in STEPS]
    if part.status not in statuses:
        is_waiting = part.status == PartStatus.PENDING
        state = "current" if is_waiting else "failed"
        return [
            {"title": "Ordered", "at": order.placed_at, "state": "done"},
            {"title": part.get_status_display(), "at": None if is_waiting else part.status_at, "state": state},
        ]
    reached = statuses.index(PartStatus(part.status))
    events: list[dict[str, Any]] = [{"title": "Ordered", "at": order.placed_at, "state": "done"}]
    for position, (status, title) in enumerate(STEPS):
        state = "done" if position <= reached else "todo"
        at = order.paid_at if status == PartStatus.NEW else part.status_at if position == reached else None
        events.append({"title": title, "at": at if position <= reached else None, "state": state, "note": ""})
    if reached + 1 < len(STEPS):
        events[reached + 2]["state"] = "current"
    events[3]["note"] = f"{part.tracking.get('carrier', '')} {part.tracking.get('number', '')}".strip()
    return events


def _order_or_404(request: HttpRequest, number: str) -> Order:
    try:
        return order_for(request, number)
    except NotFoundError as error:
        raise Http404 from error
