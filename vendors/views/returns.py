"""A shop's returns: the list, one with its history and photos, and what the shop does with it."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import signed_in_user
from checkout.capabilities import REFUND_ORDERS, VIEW_ORDERS
from checkout.exchanging.telling import exchange_summary
from checkout.models import Return, ReturnStatus, ReversedBy
from checkout.photos.keeping import photo_response
from checkout.returning.decide_return import move_return
from checkout.returning.moves import Move, allowed_moves
from checkout.returning.receive_return import Receipt, receive_return
from checkout.returning.selectors import get_shop_return, photo_of_shop, shop_return_page
from checkout.reversals.reverse import Actor
from kit.errors import DomainError
from kit.web.not_found import or_404
from kit.web.paging import page_window, pager
from vendors.access import StaffRequest, staff_only
from vendors.forms.returns import AcceptForm, AnswerForm, ReceiveForm
from vendors.views.dashboard_page import dashboard_page, may

REFUSED = 422


@staff_only(VIEW_ORDERS)
@require_safe
def return_list(request: StaffRequest) -> HttpResponse:
    """List the shop's returns, the newest first."""
    window, status = page_window(request), request.GET.get("status", "")
    status = status if status in ReturnStatus.values else ""
    found, count = shop_return_page(shop_id=request.shop.pk, status=status, offset=window.offset, limit=window.size)
    context = {
        "rows": found,
        "pager": pager(request, window, count),
        "statuses": [
            {"value": value, "label": label, "selected": value == status}
            for value, label in (("", gettext("Any status")), *ReturnStatus.choices)
        ],
        "status": status,
    }
    return dashboard_page(request, "vendors/returns.html", context)


@staff_only(VIEW_ORDERS, to_change=REFUND_ORDERS)
@require_http_methods(["GET", "HEAD", "POST"])
def return_page(request: StaffRequest, return_id: UUID) -> HttpResponse:
    """Show a return, and make a move of the shop."""
    found = or_404(get_shop_return, shop_id=request.shop.pk, return_id=return_id)
    shown = _forms(found)
    if request.method != "POST":
        return _page(request, found, shown)
    name = request.POST.get("move", "")
    if name not in shown:
        raise Http404
    sent = _forms(found, name, request.POST)
    if not sent[name].is_valid():
        return _page(request, found, sent, status=REFUSED)
    try:
        _acts(request, found, sent)[name]()
        messages.success(request, gettext("Done. We are telling the buyer."))
    except DomainError as error:
        messages.error(request, error.message)
    return redirect("vendors:return", return_id=return_id)


@staff_only(VIEW_ORDERS)
@require_safe
def return_photo(request: StaffRequest, photo_id: UUID) -> HttpResponse:
    """Show a photo of one of the shop's returns."""
    return photo_response(or_404(photo_of_shop, shop_id=request.shop.pk, photo_id=photo_id))


def _forms(found: Return, name: str = "", data: Any = None) -> dict[str, forms.Form]:
    """Return the form of each move; the one that was sent with what was entered."""
    entered = {name: data}
    return {
        "accept": AcceptForm(entered.get("accept"), prefix="accept"),
        "refuse": AnswerForm(entered.get("refuse"), prefix="refuse"),
        "ask": AnswerForm(entered.get("ask"), prefix="ask"),
        "receive": ReceiveForm(entered.get("receive"), prefix="receive", returned=found),
    }


def _acts(request: StaffRequest, found: Return, sent: dict[str, forms.Form]) -> dict[str, Callable[[], Return]]:
    by, now = Actor(ReversedBy.SHOP, signed_in_user(request).pk), timezone.now()

    def move(name: Move, **words: Any) -> Return:
        return move_return(return_id=found.pk, move=name, by=by, now=now, **words)

    def receive() -> Return:
        form = sent["receive"]
        assert isinstance(form, ReceiveForm)
        receipt = Receipt(
            return_id=found.pk,
            by=by,
            written_off=form.written_off,
            delivery_minor=form.cleaned_data["delivery"] or 0,
            text=form.cleaned_data["message"],
        )
        return receive_return(receipt, now=now)

    return {
        "accept": lambda: move(
            Move.ACCEPT,
            instructions=sent["accept"].cleaned_data["instructions"],
            refunds_instead="refunds_instead" in request.POST,
        ),
        "refuse": lambda: move(Move.REFUSE, text=sent["refuse"].cleaned_data["text"]),
        "ask": lambda: move(Move.ASK, text=sent["ask"].cleaned_data["text"]),
        "receive": receive,
    }


def _page(request: StaffRequest, found: Return, shown: dict[str, forms.Form], *, status: int = 200) -> HttpResponse:
    moves = allowed_moves(found, ReversedBy.SHOP, now=timezone.now()) if may(request, REFUND_ORDERS) else []
    context = {
        "returned": found,
        "exchange": exchange_summary(found),
        "moves": moves,
        "forms": shown,
        "photos": [{"url": reverse("vendors:return-photo", args=[each.pk])} for each in found.photos.all()],
        "crumbs": [
            {"label": gettext("Returns"), "url": reverse("vendors:returns")},
            {"label": found.sub_order.number},
        ],
    }
    return dashboard_page(request, "vendors/return.html", context, status=status)
