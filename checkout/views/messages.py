"""A buyer's conversation with a shop about its part of an order."""

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
from checkout.message_forms import READ_UNTIL, MessageForm, ReadForm
from checkout.messaging.photos import add_buyers_photo, photo_of_order
from checkout.messaging.reading import mark_messages_read
from checkout.messaging.selectors import read_messages
from checkout.messaging.sending import NewMessage, send_message
from checkout.messaging.shown import shown_messages, unread_until
from checkout.models import MessagePhoto, MessageSide, Order, SubOrder
from checkout.orders.selectors import part_of
from checkout.photos.keeping import photo_response, remove_photos
from checkout.views.orders import buyer_zone
from kit.api.throttling import throttled
from kit.errors import DomainError, InvalidInputError, NotFoundError
from kit.web.body_rules import takes_files
from kit.web.headers import asks_for_fragment
from kit.web.live import watch
from kit.web.not_found import or_404

REFUSED = 422


@takes_files
class ConversationView(View):
    """Messages of buyer and shop, the newest last, and forms to mark them as read and to write more."""

    def get(self, request: HttpRequest, number: str, sub_order: str) -> HttpResponse:
        try:
            order = order_for(request, number)
        except NotFoundError as error:
            if request.user.is_authenticated:
                raise Http404 from error
            return redirect_to_login(request.path)  # a letter's link without its key; no different for no such order
        if "key" in request.GET:
            return redirect("checkout:conversation", number=number, sub_order=sub_order)
        return _page(request, order, or_404(part_of, order, sub_order), MessageForm())

    def post(self, request: HttpRequest, number: str, sub_order: str) -> HttpResponse:
        order = or_404(order_for, request, number)
        part = or_404(part_of, order, sub_order)
        if READ_UNTIL in request.POST:
            return _mark_read(request, order, part)
        return self._write(request, order, part)

    @throttled("messages")
    def _write(self, request: HttpRequest, order: Order, part: SubOrder) -> HttpResponse:
        form = MessageForm(request.POST, request.FILES)
        if not form.is_valid():
            return _page(request, order, part, form, status=REFUSED)
        try:
            _send(request, order, part, form, timezone.now())
        except DomainError as error:
            form.add_error(None, error.message)
            return _page(request, order, part, form, status=REFUSED)
        messages.success(request, gettext("Sent. We will tell you when %(shop)s answers.") % {"shop": part.shop.name})
        return redirect("checkout:conversation", number=order.number, sub_order=part.number)


class MessagePhotoView(View):
    """A photo of a message, for the order's buyer."""

    def get(self, request: HttpRequest, number: str, picture_id: UUID) -> HttpResponse:
        order = or_404(order_for, request, number)
        return photo_response(or_404(photo_of_order, order, photo_id=picture_id))


def _mark_read(request: HttpRequest, order: Order, part: SubOrder) -> HttpResponse:
    """Mark the messages that the buyer was shown as read; to a script the answer is empty."""
    form = ReadForm(request.POST)
    if not form.is_valid():
        return _page(request, order, part, MessageForm(), status=REFUSED)
    until, now = form.cleaned_data[READ_UNTIL], timezone.now()
    mark_messages_read(parts=[part], side=MessageSide.BUYER, user_id=request.user.pk, now=now, until=until)
    if asks_for_fragment(request):
        return HttpResponse()
    return redirect("checkout:conversation", number=order.number, sub_order=part.number)


def _send(request: HttpRequest, order: Order, part: SubOrder, form: MessageForm, now: datetime) -> None:
    """Store the photos, then send the message; where it is refused the photos are removed again."""
    photos: list[MessagePhoto] = []
    try:
        photos.extend(add_buyers_photo(order=order, upload=upload, now=now) for upload in form.uploads)
        new = NewMessage(
            part, MessageSide.BUYER, request.user.pk, form.cleaned_data["text"], [photo.pk for photo in photos]
        )
        send_message(new, now=now)
    except DomainError:
        remove_photos(photos)
        raise


def _page(request: HttpRequest, order: Order, part: SubOrder, form: MessageForm, *, status: int = 200) -> HttpResponse:
    watch(request, f"order:{order.pk}", f"part:{part.pk}")
    try:
        found = read_messages(part_ids=[part.pk], cursor=request.GET.get("cursor", ""))
    except InvalidInputError as error:
        raise Http404 from error
    shown = shown_messages(reversed(found.rows), MessageSide.BUYER)
    context = {
        "order": order,
        "part": part,
        "form": form,
        "conversation": shown,
        "side": MessageSide.BUYER,
        "unread_until": unread_until(shown),
        "older": found.next_cursor,
        "newer": found.previous_cursor,
        "photo_url": reverse("checkout:message-photo", args=[order.number, UUID(int=0)]),
        "is_unpaid": order.paid_at is None,
    }
    with timezone.override(buyer_zone(request, order)):
        return render(request, "checkout/conversation.html", context, status=status)
