"""A buyer's returns: asking for one, following it, and what can be done with it."""

from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views import View

from checkout.access import order_for
from checkout.exchanging.telling import exchange_summary
from checkout.models import Order, Return, ReturnPhoto, ReversedBy, SubOrder
from checkout.photos.keeping import photo_response, remove_photos
from checkout.return_forms import AskReturnForm, WordForm
from checkout.returning.ask_return import ReturnRequest, ask_return
from checkout.returning.decide_return import move_return
from checkout.returning.moves import Move, allowed_moves, answer_by
from checkout.returning.photos import add_photo
from checkout.returning.selectors import photo_of_order, return_of_order
from checkout.reversals.reverse import Actor
from checkout.views.orders import buyer_zone
from kit.errors import DomainError, NotFoundError
from kit.web.body_rules import takes_files
from kit.web.not_found import or_404

REFUSED = 422
WORDS = frozenset({Move.REPLY, Move.ESCALATE})  # moves that come with a message


@takes_files
class AskReturnView(View):
    """Asking a shop to take items back."""

    def get(self, request: HttpRequest, number: str) -> HttpResponse:
        order = or_404(order_for, request, number)
        form = AskReturnForm(parts=_parts(order), now=timezone.now())
        return _ask_page(request, order, form) if form.lines else redirect(order)

    def post(self, request: HttpRequest, number: str) -> HttpResponse:
        order, now = or_404(order_for, request, number), timezone.now()
        form = AskReturnForm(request.POST, request.FILES, parts=_parts(order), now=now)
        if not form.is_valid():
            return _ask_page(request, order, form, status=REFUSED)
        try:
            found = _ask(order, form, now)
        except DomainError as error:
            form.add_error(None, error.message)
            return _ask_page(request, order, form, status=REFUSED)
        messages.success(request, gettext("The shop has your request. We will write to you when it has answered."))
        return redirect("checkout:order-return", number=number, return_id=found.pk)


class ReturnView(View):
    """One return: what was said, and what can be done now."""

    def get(self, request: HttpRequest, number: str, return_id: UUID) -> HttpResponse:
        try:
            order = order_for(request, number)
        except NotFoundError as error:
            if request.user.is_authenticated:
                raise Http404 from error
            return redirect_to_login(request.path)  # a letter's link, as with the order's own page
        return _return_page(request, order, or_404(return_of_order, order, return_id=return_id), WordForm())

    def post(self, request: HttpRequest, number: str, return_id: UUID) -> HttpResponse:
        order = or_404(order_for, request, number)
        found = or_404(return_of_order, order, return_id=return_id)
        if request.POST.get("move") not in {*WORDS, Move.CANCEL}:
            raise Http404
        move, text, form = Move(request.POST["move"]), "", WordForm(request.POST)
        if move in WORDS:
            if not form.is_valid():
                return _return_page(request, order, found, form, status=REFUSED)
            text = form.cleaned_data["message"]
        try:
            by = Actor(ReversedBy.BUYER, request.user.pk)
            move_return(return_id=return_id, move=move, by=by, text=text, now=timezone.now())
            messages.success(request, gettext("Done. We are telling the shop."))
        except DomainError as error:
            messages.error(request, error.message)
        return redirect("checkout:order-return", number=number, return_id=return_id)


class ReturnPhotoView(View):
    """A photo of a return, for its buyer."""

    def get(self, request: HttpRequest, number: str, photo_id: UUID) -> HttpResponse:
        order = or_404(order_for, request, number)
        return photo_response(or_404(photo_of_order, order, photo_id=photo_id))


def _ask(order: Order, form: AskReturnForm, now: datetime) -> Return:
    """Store the photos, then ask for the return; where it is refused the photos are removed again."""
    [(part_id, units)] = form.units.items()
    photos: list[ReturnPhoto] = []
    try:
        photos.extend(add_photo(order=order, upload=upload, now=now) for upload in form.uploads)
        request = ReturnRequest(
            part=form.lines[part_id][0],
            units=units,
            reason=form.cleaned_data["reason"],
            note=form.cleaned_data["note"],
            photos=[photo.pk for photo in photos],
            wanted=form.wanted,
        )
        return ask_return(request, now=now)
    except DomainError:
        remove_photos(photos)
        raise


def _parts(order: Order) -> list[SubOrder]:
    return list(order.sub_orders.select_related("shop"))


def _ask_page(request: HttpRequest, order: Order, form: AskReturnForm, *, status: int = 200) -> HttpResponse:
    with timezone.override(buyer_zone(request, order)):
        return render(request, "checkout/return_ask.html", {"order": order, "form": form}, status=status)


def _return_page(
    request: HttpRequest, order: Order, found: Return, form: WordForm, *, status: int = 200
) -> HttpResponse:
    moves = allowed_moves(found, ReversedBy.BUYER, now=timezone.now())
    context = {
        "order": order,
        "returned": found,
        "form": form,
        "moves": moves,
        "answer_by": answer_by(found),
        "exchange": exchange_summary(found),
        "photos": [
            {"url": reverse("checkout:return-photo", args=[order.number, each.pk])} for each in found.photos.all()
        ],
    }
    with timezone.override(buyer_zone(request, order)):
        return render(request, "checkout/return.html", context, status=status)
