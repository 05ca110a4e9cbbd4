"""Finding messages and conversations, each for the side that asks."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from uuid import UUID

from django.core.cache import cache
from django.db.models import Count, QuerySet

from checkout.errors import PartNeededError
from checkout.messaging.shown import ShownMessage, shown_messages
from checkout.models import Conversation, MessageSide, Order, OrderMessage, SubOrder
from checkout.orders.selectors import part_of
from kit.db.keyset import Slice, read_slice
from kit.db.roles import as_platform

SHOWN = 30  # messages of a page
COUNTED_SECONDS = 60


@dataclass(frozen=True, slots=True)
class InboxRow:
    """A conversation in a shop's inbox.

    Args:
        new: the number of messages that the shop has not read.
    """

    conversation: Conversation
    last: ShownMessage
    new: int


def lock_conversations(part_ids: Iterable[UUID]) -> list[Conversation]:
    """Lock the conversations about some parts in primary-key order; needs an open transaction."""
    found = Conversation.objects.select_for_update().filter(pk__in=list(part_ids))
    return list(found.order_by("pk"))


@as_platform()  # the orders that they are about are the buyers'
def read_messages(*, part_ids: Collection[UUID], cursor: str = "", size: int = SHOWN) -> Slice[OrderMessage]:
    """Return some of the messages about some parts, newest first.

    Raises:
        InvalidInputError: the cursor is not one of this list.
    """
    return read_slice(_messages().filter(sub_order_id__in=part_ids), cursor=cursor, size=size)


@as_platform()  # the order that it is about is the buyer's
def get_message(*, message_id: UUID) -> OrderMessage:
    """Return a message with its photos."""
    return _messages().get(pk=message_id)


def message_part(order: Order, number: str) -> SubOrder:
    """Return the part that a call names, or an order's only one.

    Raises:
        NotFoundError: the order has no such part.
        PartNeededError: the order has several, and none is named.
    """
    parts = list(order.sub_orders.all())
    if not number and len(parts) > 1:
        raise PartNeededError(details={"sub_orders": tuple(part.number for part in parts)})
    return part_of(order, number) if number else parts[0]


def named_parts(order: Order, number: str) -> list[SubOrder]:
    """Return the part that a call names, else all of an order.

    Raises:
        NotFoundError: the order has no such part.
    """
    return [part_of(order, number)] if number else list(order.sub_orders.all())


def new_to_buyer(part_ids: Collection[UUID]) -> dict[UUID, int]:
    """Return the number of messages that a buyer has not read by part, in one statement; parts without are left out."""
    unread = OrderMessage.objects.filter(sub_order_id__in=part_ids, read_by_buyer_at__isnull=True)
    return dict(unread.order_by().values_list("sub_order_id").annotate(Count("pk")))


def counts_of_parts(part_ids: Collection[UUID]) -> dict[UUID, int]:
    """Return the number of messages by part, in one statement; parts without are left out."""
    found = OrderMessage.objects.filter(sub_order_id__in=part_ids)
    return dict(found.order_by().values_list("sub_order_id").annotate(Count("pk")))


def count_new_to_shop(*, shop_id: int) -> int:
    """Return the number of conversations in which a shop has something to read, from the cache where it has it."""
    key = new_to_shop_key(shop_id)
    count: int | None = cache.get(key)
    if count is None:
        unread = OrderMessage.objects.filter(shop_id=shop_id, read_by_shop_at__isnull=True)
        count = unread.order_by().values("sub_order_id").distinct().count()
        cache.set(key, count, COUNTED_SECONDS)
    return count


def new_to_shop_key(shop_id: int) -> str:
    """Return the cache key of the number beside the menu of a shop's pages."""
    return f"public:messages:new-to-shop:{shop_id}"


@as_platform()  # the orders that they are about are the buyers'
def shop_inbox_page(*, shop_id: int, is_answered: bool | None, offset: int, limit: int) -> tuple[list[InboxRow], int]:
    """Return a page of a shop's conversations, those that wait for its answer first, and how many there are."""
    found = _conversations(shop_id, is_answered=is_answered)
    page = found.order_by("is_answered", "-last_message_at", "-pk")[offset : offset + limit]
    return _rows(list(page)), found.count()


@as_platform()  # the orders that they are about are the buyers'
def read_shop_inbox(
    *, shop_id: int, is_answered: bool | None, cursor: str, size: int
) -> tuple[Slice[Conversation], list[InboxRow]]:
    """Return some of a shop's conversations, the one with the newest message first.

    Raises:
        InvalidInputError: the cursor is not one of this list.
    """
    found = _conversations(shop_id, is_answered=is_answered)
    part = read_slice(found, cursor=cursor, size=size, by="last_message_at")
    return part, _rows(list(part.rows))


def _messages() -> "QuerySet[OrderMessage]":
    return OrderMessage.objects.select_related("author", "sub_order__order", "sub_order__shop").prefetch_related(
        "photos"
    )


def _conversations(shop_id: int, *, is_answered: bool | None) -> "QuerySet[Conversation]":
    found = Conversation.objects.select_related("sub_order__order").filter(shop_id=shop_id)
    return found if is_answered is None else found.filter(is_answered=is_answered)


def _rows(conversations: list[Conversation]) -> list[InboxRow]:
    """Return conversations with their last messages and unread counts, in three statements for any number."""
    ids = [each.pk for each in conversations]
    newest = _messages().filter(sub_order_id__in=ids).order_by("sub_order_id", "-pk").distinct("sub_order_id")
    last = {each.sub_order_id: each for each in newest}
    unread = OrderMessage.objects.filter(sub_order_id__in=ids, read_by_shop_at__isnull=True).order_by()
    new = dict(unread.values_list("sub_order_id").annotate(Count("pk")))
    shown = shown_messages(last.values(), MessageSide.SHOP)
    by_part = dict(zip(last, shown, strict=True))
    return [InboxRow(each, by_part[each.pk], new.get(each.pk, 0)) for each in conversations]
