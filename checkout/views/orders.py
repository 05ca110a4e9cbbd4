"""A buyer's orders."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views import View

from checkout.access import order_for
from checkout.documents.offered import offered_documents
from checkout.ending.end_orders import cancel_order
from checkout.forms import CancelUnitsForm
from checkout.fulfilment.status import TO_SEND, PartStatus
from checkout.messaging.selectors import new_to_buyer
from checkout.models import Order, OrderStatus, ReversedBy, SubOrder
from checkout.moves.facts import OrderFacts
from checkout.moves.judging import order_moves
from checkout.moves.move import Side
from checkout.orders.parcel_rows import parcels_of_part
from checkout.orders.payments import is_payment_unclear, latest_payment
from checkout.orders.refunded_amounts import lost_minor, money_back_of
from checkout.orders.selectors import orders_of_buyer
from checkout.orders.status_labels import order_label, part_label
from checkout.readdressing.shown_addresses import shown_addresses
from checkout.returning.selectors import returns_of_orders
from checkout.returning.windows import returnable_lines_of
from checkout.reversals.cancel_units import Cancellation, cancel_units
from checkout.reversals.reverse import Actor
from checkout.stations.pickup_codes import codes_to_tell
from checkout.templatetags.prices import included_tax
from checkout.views.order_timeline import timeline
from checkout.views.way_back import shopping_url
from kit.errors import DomainError, NotFoundError
from kit.web.live import watch
from kit.web.not_found import or_404
from kit.web.paging import numbered_page
from kit.web.zones import zone_of

PAGE_SIZE = 20
REFUSED = 422


class OrdersView(LoginRequiredMixin, View):
    """All orders of the signed-in person."""

    def get(self, request: HttpRequest) -> HttpResponse:
        found = orders_of_buyer(user_id=request.user.pk or 0).order_by("-placed_at", "-id")
        orders, pager = numbered_page(request, found, size=PAGE_SIZE)
        new = new_to_buyer([part.pk for order in orders for part in order.sub_orders.all()])
        rows = [_row(order, list(order.sub_orders.all()), new) for order in orders]
        return render(request, "checkout/orders.html", {"orders": orders, "rows": rows, "pager": pager})


class OrderView(View):
    """One order: the status of each shop's part, and its payments."""

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
        watch(request, f"order:{order.pk}", *(f"part:{part.pk}" for part in parts))
        now = timezone.now()
        codes, returnable = codes_to_tell(parts), returnable_lines_of(parts, now=now)
        new_messages = new_to_buyer([part.pk for part in parts])
        money = money_back_of(order_id=order.pk)
        context = {
            "order": order,
            "keeps_shopping_at": shopping_url(request),
            "label": order_label(order, parts),
            "payment": latest_payment(order_id=order.pk),
            "money_back": money,
            "documents": offered_documents(list(parts)),
            "parts": [
                {
                    "part": part,
                    "label": part_label(part),
                    "events": timeline(order, part, money.of_part(part.pk)),
                    "pickup_code": codes.get(part.pk, ""),
                    "parcels": parcels_of_part(part),
                    "new_messages": new_messages.get(part.pk, 0),
                }
                for part in parts
            ],
            "addresses": shown_addresses(order, parts),
            "returns": returns_of_orders([order.pk]).get(order.pk, []),
            "included_tax_minor": included_tax(parts),
            "parts_lost": [part for part in parts if part.status == PartStatus.UNFULFILLABLE],
            "bills_elsewhere": order.billing_address != order.shipping_address,
            "moves": order_moves(OrderFacts.of(order, returnable=returnable), by=Side.BUYER, now=now),
            "is_paid": _is_paid(order),
            "parts_to_send": [part for part in parts if part.status in TO_SEND],
            "is_unclear": order.status == OrderStatus.EXPIRED and is_payment_unclear(order),
        }
        with timezone.override(buyer_zone(request, order)):
            return render(request, "checkout/order.html", context)


class OrderCancelView(View):
    """Cancelling an order that is not paid, or items of a paid one before they are sent."""

    def get(self, request: HttpRequest, number: str) -> HttpResponse:
        order = or_404(order_for, request, number)
        form = CancelUnitsForm(parts=_parts(order))
        return _cancel_page(request, order, form) if _is_paid(order) and form.parts else redirect(order)

    def post(self, request: HttpRequest, number: str) -> HttpResponse:
        order = or_404(order_for, request, number)
        return self._cancel_units(request, order) if _is_paid(order) else self._cancel_order(request, order)

    def _cancel_units(self, request: HttpRequest, order: Order) -> HttpResponse:
        form = CancelUnitsForm(request.POST, parts=_parts(order))
        if not form.is_valid():
            return _cancel_page(request, order, form, status=REFUSED)
        if not form.is_confirmed:
            return _cancel_page(request, order, form, refund_minor=form.refund_minor)
        by = Actor(ReversedBy.BUYER, request.user.pk)
        try:
            cancel_units(
                Cancellation(order.pk, form.units, by, form.cleaned_data["reason"], seen=form.seen), now=timezone.now()
            )
            messages.success(request, gettext("These items are cancelled. We will write to you about the refund."))
        except DomainError as error:
            messages.error(request, error.message)
        return redirect(order)

    def _cancel_order(self, request: HttpRequest, order: Order) -> HttpResponse:
        try:
            cancel_order(order_id=order.pk, now=timezone.now())
            messages.success(
                request, gettext("Your order is cancelled. If a payment still arrives, we refund all of it.")
            )
        except DomainError as error:
            messages.error(request, error.message)
        return redirect(order)


def _is_paid(order: Order) -> bool:
    return order.status in {OrderStatus.PAID, OrderStatus.COMPLETED}


def _parts(order: Order) -> list[SubOrder]:
    return list(order.sub_orders.select_related("shop"))


def _cancel_page(
    request: HttpRequest, order: Order, form: CancelUnitsForm, *, refund_minor: int | None = None, status: int = 200
) -> HttpResponse:
    context = {"order": order, "form": form, "refund_minor": refund_minor, "currency": order.currency, "is_own": True}
    return render(request, "checkout/order_cancel.html", context, status=status)


def buyer_zone(request: HttpRequest, order: Order) -> ZoneInfo:
    """Return the zone in which an order's reader sees its times: the one that they chose, else that of its address."""
    chosen = getattr(request.user, "time_zone", "")
    return zone_of(chosen=chosen, country=str(order.shipping_address.get("country", "")))


def _row(order: Order, parts: list[SubOrder], new: Mapping[UUID, int]) -> dict[str, Any]:
    fulfilled_minor = order.total_minor - lost_minor(parts) - sum(part.refunded_minor for part in parts)
    labelled = [{"part": part, "label": part_label(part), "new_messages": new.get(part.pk, 0)} for part in parts]
    return {"order": order, "label": order_label(order, parts), "parts": labelled, "fulfilled_minor": fulfilled_minor}
