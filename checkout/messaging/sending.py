"""Write a message about a shop's part of an order."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from uuid import UUID

from django.db import transaction

from accounts.services.erasure import is_tombstone
from checkout.errors import ConversationClosedError
from checkout.events import MessageSent
from checkout.messaging.conversations import MARKS, READERS, forget_count, lock_conversation, mark_read, plan_letter
from checkout.messaging.photos import take_photos
from checkout.messaging.reading import notice_keys
from checkout.models import LONGEST_MESSAGE, MessageSide, OrderMessage, SubOrder
from kit.db.roles import as_platform
from kit.text import rules
from kit.text.inputs import cleaned
from kit.work import outbox
from notifications.services import mark_read_by_key
from tenants.models import ShopStatus

GONE = frozenset({ShopStatus.CLOSED, ShopStatus.DELETED})


@dataclass(frozen=True, slots=True)
class NewMessage:
    """A message that a side is about to send.

    Args:
        user_id: its author's account; None: a guest.
        photos: ids of pictures that the side has sent for the order before.
    """

    part: SubOrder
    side: MessageSide
    user_id: int | None
    text: Annotated[str, rules.paragraphs(LONGEST_MESSAGE)]
    photos: Collection[UUID] = ()


@as_platform()  # the order is the buyer's
def send_message(new: NewMessage, *, now: datetime) -> OrderMessage:
    """Send a message to the other side, at once on the site, by a letter once it has been unread for some minutes.

    Its author has seen what was written before. A market's message is for both sides.

    Raises:
        ConversationClosedError: the shop is closed, or the buyer is forgotten; nothing has changed.
        MessagePhotoError: a photo is not one of this side's, or was sent with another message; nothing has changed.
        InvalidInputError: the text is too long, or can't be kept; nothing has changed.
    """
    new = cleaned(new)
    with transaction.atomic():
        part = SubOrder.objects.select_related("order", "shop").get(pk=new.part.pk)
        if part.shop.status in GONE or is_tombstone(part.order.email):
            raise ConversationClosedError
        conversation = lock_conversation(part=part, now=now)
        own_mark = {MARKS[new.side]: now} if new.side in MARKS else {}
        message = OrderMessage(
            sub_order=part,
            shop_id=part.shop_id,
            side=new.side,
            author_id=new.user_id,
            text=new.text,
            created_at=now,
            **own_mark,
        )
        message.save(force_insert=True)
        take_photos(message, part, new.photos)
        if new.side in READERS:
            seen = mark_read(conversation, new.side, now=now)
            if seen and new.user_id is not None:
                mark_read_by_key(user_id=new.user_id, keys=notice_keys(seen, new.side, new.user_id), now=now)
            conversation.is_answered = new.side == MessageSide.SHOP
        conversation.last_message_at = now
        conversation.save(update_fields=["is_answered", "last_message_at"])
        for reader in READERS:
            if reader != new.side:
                plan_letter(conversation, reader, now=now)
        forget_count(part.shop_id)
        outbox.emit(MessageSent(part.shop_id, part.order_id, part.pk, message.pk), now=now)
    return message
