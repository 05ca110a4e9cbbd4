"""A shop's messages: its inbox, and the conversation about an order."""

from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import signed_in_user
from checkout.capabilities import ANSWER_MESSAGES, VIEW_ORDERS
from checkout.message_forms import READ_UNTIL, MessageForm, ReadForm
from checkout.messaging.photos import add_shops_photo, photo_of_shop
from checkout.messaging.reading import mark_messages_read
from checkout.messaging.selectors import read_messages, shop_inbox_page
from checkout.messaging.sending import NewMessage, send_message
from checkout.messaging.shown import ShownMessage, shown_messages, unread_until
from checkout.models import MessagePhoto, MessageSide, SubOrder
from checkout.orders.shop_orders import get_sub_order
from checkout.photos.keeping import photo_response, remove_photos
from kit.api.throttling import throttled_page
from kit.errors import DomainError, InvalidInputError
from kit.web.body_rules import takes_files
from kit.web.headers import asks_for_fragment
from kit.web.live import watch
from kit.web.not_found import or_404
from kit.web.paging import page_window, pager
from tenants.life.lifecycle import allows
from vendors.access import StaffRequest, staff_only
from vendors.views.dashboard_page import dashboard_page, may

REFUSED = 422
UNANSWERED = "unanswered"
LATEST = 5  # messages on an order's page


@staff_only(VIEW_ORDERS)
@require_safe
def inbox(request: StaffRequest) -> HttpResponse:
    """List the shop's conversations, those that wait for its answer first."""
    window, only_unanswered = page_window(request), request.GET.get("state") == UNANSWERED
    rows, count = shop_inbox_page(
        shop_id=request.shop.pk, is_answered=False if only_unanswered else None, offset=window.offset, limit=window.size
    )
    tabs = [("", gettext("All")), (UNANSWERED, gettext("To answer"))]
    context = {
        "rows": rows,
        "pager": pager(request, window, count),
        "only_unanswered": only_unanswered,
        "tabs": [
            {
                "label": label,
                "url": f"{request.path}?state={state}" if state else request.path,
                "current": (state == UNANSWERED) == only_unanswered,
            }
            for state, label in tabs
        ],
    }
    return dashboard_page(request, "vendors/messages.html", context)


@takes_files
@staff_only(VIEW_ORDERS, to_change=ANSWER_MESSAGES)
@require_http_methods(["GET", "HEAD", "POST"])
def conversation(request: StaffRequest, number: str) -> HttpResponse:
    """Show the messages of shop and buyer about an order, mark them as read, and write more."""
    part = or_404(get_sub_order, shop_id=request.shop.pk, number=number)
    if request.method != "POST":
        return _page(request, part, MessageForm())
    return _mark_read(request, part) if READ_UNTIL in request.POST else _write(request, part)


@staff_only(VIEW_ORDERS)
@require_safe
def message_photo(request: StaffRequest, picture_id: UUID) -> HttpResponse:
    """Show a photo of one of the shop's messages."""
    return photo_response(or_404(photo_of_shop, shop_id=request.shop.pk, photo_id=picture_id))


def latest_messages(part_id: UUID) -> list[ShownMessage]:
    """Return the newest messages about a part, the newest last."""
    return shown_messages(reversed(read_messages(part_ids=[part_id], size=LATEST).rows), MessageSide.SHOP)


def _mark_read(request: StaffRequest, part: SubOrder) -> HttpResponse:
    """Mark the messages that were shown as read by the shop; to a script the answer is empty."""
    form = ReadForm(request.POST)
    if not form.is_valid():
        return _page(request, part, MessageForm(), status=REFUSED)
    until, user_id = form.cleaned_data[READ_UNTIL], signed_in_user(request).pk
    mark_messages_read(parts=[part], side=MessageSide.SHOP, user_id=user_id, now=timezone.now(), until=until)
    if asks_for_fragment(request):
        return HttpResponse()
    return redirect("vendors:messages-order", number=part.number)


@throttled_page("messages")
def _write(request: StaffRequest, part: SubOrder) -> HttpResponse:
    form = MessageForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, part, form, status=REFUSED)
    try:
        _send(request, part, form, timezone.now())
    except DomainError as error:
        form.add_error(None, error.message)
        return _page(request, part, form, status=REFUSED)
    messages.success(request, gettext("Sent. We are telling the buyer."))
    return redirect("vendors:messages-order", number=part.number)


def _send(request: StaffRequest, part: SubOrder, form: MessageForm, now: datetime) -> None:
    """Store the photos, then send the message; where it is refused the photos are removed again."""
    photos: list[MessagePhoto] = []
    try:
        photos.extend(add_shops_photo(part=part, upload=upload, now=now) for upload in form.uploads)
        ids = [photo.pk for photo in photos]
        text, user_id = form.cleaned_data["text"], signed_in_user(request).pk
        send_message(NewMessage(part, MessageSide.SHOP, user_id, text, ids), now=now)
    except DomainError:
        remove_photos(photos)
        raise


def _page(request: StaffRequest, part: SubOrder, form: MessageForm, *, status: int = 200) -> HttpResponse:
    watch(request, f"part:{part.pk}")
    try:
        found = read_messages(part_ids=[part.pk], cursor=request.GET.get("cursor", ""))
    except InvalidInputError as error:
        raise Http404 from error
    shown = shown_messages(reversed(found.rows), MessageSide.SHOP)
    context = {
        "part": part,
        "form": form,
        "conversation": shown,
        "side": MessageSide.SHOP,
        "unread_until": unread_until(shown) if _reads_for_the_shop(request) else None,
        "older": found.next_cursor,
        "newer": found.previous_cursor,
        "may_write": may(request, ANSWER_MESSAGES),
        "is_unpaid": any(message.is_masked for message in shown),
        "crumbs": [
            {"label": gettext("Messages"), "url": reverse("vendors:messages")},
            {"label": part.number, "url": reverse("vendors:order", args=[part.number])},
            {"label": gettext("Messages")},
        ],
    }
    return dashboard_page(request, "vendors/conversation.html", context, status=status)


def _reads_for_the_shop(request: StaffRequest) -> bool:
    """Return whether this person can mark messages as read: no role that can't answer, and no operator."""
    is_viewed = hasattr(request, "shop_view")
    return may(request, ANSWER_MESSAGES) and allows(request.shop.status, ANSWER_MESSAGES) and not is_viewed
