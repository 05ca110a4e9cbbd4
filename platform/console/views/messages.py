"""Messages of buyer and shops about an order, as evidence, and words of the market."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import signed_in_user
from checkout.message_forms import MessageForm
from checkout.messaging.photos import any_photo
from checkout.messaging.selectors import read_messages
from checkout.messaging.shown import ShownMessage, shown_messages
from checkout.models import MessageSide, SubOrder
from checkout.orders.operations import get_any_order, get_part
from checkout.photos.keeping import photo_response
from console.access import operators_only
from console.services.messages import write_as_market
from kit.errors import DomainError, InvalidInputError
from kit.web.live import watch
from kit.web.not_found import or_404

REFUSED = 422
LATEST = 10  # beside a return


@operators_only
@require_http_methods(["GET", "HEAD", "POST"])
def conversation(request: HttpRequest, number: str, part: str) -> HttpResponse:
    """Show the whole conversation about a part of an order, and write to both sides."""
    order = or_404(get_any_order, number=number)
    found = or_404(get_part, order, number=part)
    if request.method != "POST":
        return _page(request, found, number, MessageForm(has_photos=False))
    form = MessageForm(request.POST, has_photos=False)
    if not form.is_valid():
        return _page(request, found, number, form, status=REFUSED)
    text, actor_id = form.cleaned_data["text"], signed_in_user(request).pk
    try:
        write_as_market(part=found, number=number, text=text, actor_id=actor_id, now=timezone.now())
    except DomainError as error:
        form.add_error(None, error.message)
        return _page(request, found, number, form, status=REFUSED)
    messages.success(request, gettext("Sent. We are telling buyer and shop."))
    return redirect("console:conversation", number=number, part=part)


@operators_only
@require_safe
def message_photo(_request: HttpRequest, picture_id: UUID) -> HttpResponse:
    """Show a photo of a message."""
    return photo_response(or_404(any_photo, photo_id=picture_id))


def latest_messages(part: SubOrder) -> list[ShownMessage]:
    """Return the newest messages about a part as they were written, the newest last."""
    return shown_messages(reversed(read_messages(part_ids=[part.pk], size=LATEST).rows), MessageSide.OPERATOR)


def _page(request: HttpRequest, part: SubOrder, number: str, form: MessageForm, *, status: int = 200) -> HttpResponse:
    watch(request, f"part:{part.pk}")
    try:
        found = read_messages(part_ids=[part.pk], cursor=request.GET.get("cursor", ""))
    except InvalidInputError as error:
        raise Http404 from error
    context = {
        "part": part,
        "form": form,
        "side": MessageSide.OPERATOR,
        "conversation": shown_messages(reversed(found.rows), MessageSide.OPERATOR),
        "older": found.next_cursor,
        "newer": found.previous_cursor,
        "crumbs": [
            {"label": gettext("Orders"), "url": reverse("console:orders")},
            {"label": number, "url": reverse("console:order", args=[number])},
            {"label": gettext("Messages")},
        ],
    }
    return render(request, "console/conversation.html", context, status=status)
