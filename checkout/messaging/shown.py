"""Messages as one side sees them: contact details are hidden from the other side until the order is paid."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext

from checkout.messaging.masking import mask_contacts
from checkout.models import MessagePhoto, MessageSide, OrderMessage, SubOrder


@dataclass(frozen=True, slots=True)
class ShownMessage:
    """A message as a side sees it.

    Args:
        author: whom it is from, in words for this side.
        is_masked: whether contact details in it are hidden.
        is_new: whether this side has not read it.
    """

    id: UUID
    sub_order_number: str
    side: MessageSide
    author: str
    text: str
    is_masked: bool
    is_own: bool
    is_new: bool
    is_forgotten: bool
    photos: Sequence[MessagePhoto]
    sent_at: datetime
    read_by_buyer_at: datetime | None
    read_by_shop_at: datetime | None


def shown_text(message: OrderMessage, part: SubOrder, reader: MessageSide) -> str:
    """Return the text of a message for a side: masked for the other side while the order is not paid."""
    is_hidden = message.side != reader and MessageSide.OPERATOR not in {message.side, reader}
    if not is_hidden or part.order.paid_at is not None:
        return message.text
    return mask_contacts(message.text, regions=_regions(part))


def shown_messages(found: Iterable[OrderMessage], reader: MessageSide) -> list[ShownMessage]:
    """Return messages as a side sees them.

    Args:
        found: with their authors, photos, and the parts with their orders and shops.
    """
    return [_shown(message, message.sub_order, reader) for message in found]


def is_new_to(message: OrderMessage, reader: MessageSide) -> bool:
    """Return whether a side has not read a message; operators read without a mark."""
    marks = {MessageSide.BUYER: message.read_by_buyer_at, MessageSide.SHOP: message.read_by_shop_at}
    return marks.get(reader, message.created_at) is None


def unread_until(shown: Sequence[ShownMessage]) -> UUID | None:
    """Return the id of the last message of a page up to which there is something to mark as read; None: nothing."""
    return shown[-1].id if any(message.is_new for message in shown) else None


def _shown(message: OrderMessage, part: SubOrder, reader: MessageSide) -> ShownMessage:
    side, text = MessageSide(message.side), shown_text(message, part, reader)
    return ShownMessage(
        id=message.pk,
        sub_order_number=part.number,
        side=side,
        author=_author(message, part, reader),
        text=text,
        is_masked=text != message.text,
        is_own=side == reader,
        is_new=is_new_to(message, reader),
        is_forgotten=message.forgotten_at is not None,
        photos=list(message.photos.all()),
        sent_at=message.created_at,
        read_by_buyer_at=message.read_by_buyer_at,
        read_by_shop_at=message.read_by_shop_at,
    )


def _author(message: OrderMessage, part: SubOrder, reader: MessageSide) -> str:
    """Return the author of a message: buyers read the shop's name, shop and operators also who wrote for it."""
    if message.side == MessageSide.OPERATOR:
        return str(settings.PLATFORM_NAME)
    if message.side == MessageSide.BUYER:
        return gettext("You") if reader == MessageSide.BUYER else str(part.order.shipping_address.get("name", ""))
    name = message.author.name if message.author and reader != MessageSide.BUYER else ""
    return f"{part.shop.name} · {name}" if name else part.shop.name


def _regions(part: SubOrder) -> tuple[str, ...]:
    countries = (str(part.order.shipping_address.get("country", "")), part.shop.country)
    return tuple(dict.fromkeys(filter(None, countries)))
