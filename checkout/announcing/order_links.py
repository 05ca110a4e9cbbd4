"""A new letter with the link to an order, for buyers who know its number and their e-mail address."""

from datetime import datetime

from django.utils.translation import gettext

from accounts.services.letters_asked_for import may_write_to
from checkout.announcing.buyers import send_letter, speaking_to_buyer
from checkout.events import OrderLinkRequested
from checkout.models import Order
from kit.work import outbox

DASHES = 1  # of an order's number; a shop's part of it has one more


def request_order_link(*, number: str, email: str, now: datetime) -> None:
    """Send the link to an order to its buyer's address, if number and address belong together.

    Nothing tells the caller whether they do: the same is counted, read and written for any pair, and the letter is
    written by a task. Over the limit of letters to one mailbox nothing is sent.

    Args:
        number: of an order, or of a shop's part of it, as its buyer types it.
    """
    is_within_limit = may_write_to(email=email)
    found = Order.objects.filter(number=order_number(number), email=email.strip().lower()).only("pk").first()
    order_id = found.pk if found is not None and is_within_limit else None
    outbox.emit(OrderLinkRequested(order_id, now), now=now)


def order_number(typed: str) -> str:
    """Return an order's number from a typed one, which may be that of a part of it."""
    return "-".join(typed.strip().upper().split("-")[: DASHES + 1])


def send_order_link(requested: OrderLinkRequested, now: datetime) -> None:
    """Write the letter with the link; nothing where number and address did not belong together."""
    if requested.order_id is None:
        return
    order = Order.objects.get(pk=requested.order_id)
    with speaking_to_buyer(order):
        paragraphs = [
            gettext("This link was requested on our site with the number of the order and this e-mail address."),
            gettext("Keep the link to yourself: it opens the order, with your address."),
            gettext("If you did not ask for it, ignore this letter. The link was sent only to you."),
        ]
        if order.buyer_id is not None:
            paragraphs[1] = gettext("The order belongs to your account: sign in to see it.")
        context = {
            "title": gettext("The link to your order %(number)s") % {"number": order.number},
            "paragraphs": paragraphs,
            "lines": [],
            "action": gettext("See your order"),
        }
        key = f"order-link-{order.pk}-{requested.requested_at:%Y%m%d%H%M%S%f}"
        send_letter(order=order, template="order_notice", context=context, key=key, now=now)
