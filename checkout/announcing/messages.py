"""Word of a new message on the site, at once; letters wait a little (`message_letters`)."""

from datetime import datetime

from django.utils.translation import gettext

from checkout.announcing.buyers import send_message as leave_message
from checkout.announcing.buyers import speaking_to_buyer
from checkout.announcing.links import conversation_path
from checkout.announcing.shops import ShopNotice, tell_shop
from checkout.capabilities import ANSWER_MESSAGES
from checkout.events import MessageSent
from checkout.messaging.reading import notice_key
from checkout.messaging.shown import is_new_to, shown_text
from checkout.models import MessageSide, OrderMessage


def announce_message(sent: MessageSent, now: datetime) -> None:
    """Tell the other side of a message on the site, and both of the market's, unless it is read already."""
    found = OrderMessage.objects.select_related("sub_order__order", "sub_order__shop").filter(pk=sent.message_id)
    message = found.first()
    if message is None or message.forgotten_at is not None:
        return
    if is_new_to(message, MessageSide.BUYER):
        _tell_buyer(message, now)
    if is_new_to(message, MessageSide.SHOP):
        _tell_shop(message, now)


def title_for_buyer(message: OrderMessage) -> str:
    """Return the title of a buyer's notice about a message."""
    part = message.sub_order
    if message.side == MessageSide.OPERATOR:
        return gettext("The market has written to you about order %(number)s") % {"number": part.order.number}
    return gettext("%(shop)s has written to you about order %(number)s") % {
        "shop": part.shop.name,
        "number": part.order.number,
    }


def title_for_shop(message: OrderMessage) -> str:
    """Return the title of a shop's notice about a message."""
    values = {"number": message.sub_order.number}
    if message.side == MessageSide.OPERATOR:
        return gettext("The market has written to you about order %(number)s") % values
    return gettext("The buyer of %(number)s has written to you") % values


def _tell_buyer(message: OrderMessage, now: datetime) -> None:
    part = message.sub_order
    with speaking_to_buyer(part.order):
        leave_message(
            order=part.order,
            kind="message.buyer",
            title=title_for_buyer(message),
            body=shown_text(message, part, MessageSide.BUYER),
            key=notice_key(message.pk),
            now=now,
            path=conversation_path(part),
        )


def _tell_shop(message: OrderMessage, now: datetime) -> None:
    part = message.sub_order
    tell_shop(
        part=part,
        kind="message.shop",
        key=notice_key(message.pk),
        path=f"/dashboard/orders/{part.number}/messages/",
        capability=ANSWER_MESSAGES,
        word=lambda: ShopNotice(
            title=title_for_shop(message), paragraphs=[shown_text(message, part, MessageSide.SHOP)], action=""
        ),
        now=now,
        has_letter=False,
    )
