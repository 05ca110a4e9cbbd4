"""Mark messages as read."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction

from checkout.messaging.conversations import forget_count, mark_read
from checkout.messaging.selectors import lock_conversations
from checkout.models import MessageSide, OrderMessage, SubOrder
from kit.db.roles import as_platform
from kit.live import touch
from notifications.services import mark_read_by_key


@as_platform()  # the order is the buyer's
def mark_messages_read(
    *, parts: Iterable[SubOrder], side: MessageSide, user_id: int | None, now: datetime, until: UUID | None = None
) -> int:
    """Mark the messages about some parts that a side has not read as read; return the number of messages.

    A letter that waits is not written any more, and the next unread message makes one again. On the site the person's
    notices about these messages are read too.

    Args:
        user_id: the account of the person who reads; None: a guest.
        until: the id of the last message that was seen; None: all.
    """
    parts_by_id = {part.pk: part for part in parts}
    count = 0
    with transaction.atomic():
        for conversation in lock_conversations(parts_by_id.keys()):
            seen = mark_read(conversation, side, now=now, until=until)
            if not seen:
                continue
            count += len(seen)
            part = parts_by_id[conversation.pk]
            forget_count(part.shop_id)
            touch(f"order:{part.order_id}", f"part:{part.pk}", f"shop-orders:{part.shop_id}")
            if user_id is not None:
                mark_read_by_key(user_id=user_id, keys=notice_keys(seen, side, user_id), now=now)
    return count


def notice_key(message_id: UUID) -> str:
    """Return the key under which a message is told on the site."""
    return f"message-{message_id.hex}"


def notice_keys(messages: Iterable[OrderMessage], side: MessageSide, user_id: int) -> list[str]:
    """Return the keys of a person's notices about messages; those of a shop's staff have the person's id."""
    ending = f"-{user_id}" if side == MessageSide.SHOP else ""
    return [f"{notice_key(message.pk)}{ending}" for message in messages]
