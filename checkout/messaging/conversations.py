"""A conversation's row, which every change of it locks, and the letters that wait for its readers."""

from datetime import datetime, timedelta
from functools import partial

from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.db.models import Q, QuerySet

from checkout.messaging.selectors import new_to_shop_key
from checkout.models import Conversation, ConversationReader, MessageSide, OrderMessage, SubOrder

READERS = (MessageSide.BUYER, MessageSide.SHOP)
MARKS = {MessageSide.BUYER: "read_by_buyer_at", MessageSide.SHOP: "read_by_shop_at"}
A_DAY = timedelta(days=1)


def lock_conversation(*, part: SubOrder, now: datetime) -> Conversation:
    """Lock the conversation about a part, which begins with it where there is none; needs an open transaction."""
    locked = Conversation.objects.select_for_update().filter(pk=part.pk).first()
    if locked is not None:
        return locked
    begun = Conversation(sub_order=part, shop_id=part.shop_id, is_answered=True, last_message_at=now)
    Conversation.objects.bulk_create([begun], ignore_conflicts=True)
    readers = [ConversationReader(conversation=begun, side=side) for side in READERS]
    ConversationReader.objects.bulk_create(readers, ignore_conflicts=True)
    return Conversation.objects.select_for_update().get(pk=part.pk)


def mark_read(
    conversation: Conversation, side: MessageSide, *, now: datetime, until: object = None
) -> list[OrderMessage]:
    """Mark a side's unread messages as read; no letter waits for it any more. Needs the conversation's lock.

    Args:
        until: the id of the last message that was seen; None: all.
    """
    unread = OrderMessage.objects.filter(sub_order_id=conversation.pk, **{f"{MARKS[side]}__isnull": True})
    seen = list((unread.filter(pk__lte=until) if until else unread).order_by("pk").only("pk"))
    if not seen:
        return []
    OrderMessage.objects.filter(pk__in=[message.pk for message in seen]).update(**{MARKS[side]: now})
    due_at = letter_due_at(now) if until and unread.exists() else None
    _reader(conversation, side).update(due_at=due_at, leased_until=None, attempts=0, written_at=None)
    return seen


def plan_letter(conversation: Conversation, side: MessageSide, *, now: datetime) -> None:
    """Have a letter written to a side of which a new message is unread, unless it was told of late.

    Needs the conversation's lock.
    """
    is_due = Q(written_at__isnull=True) | Q(written_at__lte=now - A_DAY)
    waiting = _reader(conversation, side).filter(is_due, due_at__isnull=True)
    waiting.update(due_at=letter_due_at(now), attempts=0, last_error="")


def letter_due_at(now: datetime) -> datetime:
    """Return the time of the letter about a message that is unread now."""
    return now + timedelta(minutes=settings.MESSAGE_LETTER_MINUTES)


def forget_count(shop_id: int) -> None:
    """Have a shop's pages count its unread conversations anew, after the commit."""
    transaction.on_commit(partial(cache.delete, new_to_shop_key(shop_id)), robust=True)


def _reader(conversation: Conversation, side: MessageSide) -> "QuerySet[ConversationReader]":
    return ConversationReader.objects.filter(conversation=conversation, side=side)
