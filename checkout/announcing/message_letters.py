"""Letters about unread messages: one for a burst, after a short wait, to the side that has not opened it meanwhile."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext

from accounts.services.erasure import is_tombstone
from accounts.services.languages import speaking_to
from checkout.announcing.buyers import send_letter, speaking_to_buyer
from checkout.announcing.links import conversation_address
from checkout.announcing.messages import title_for_buyer, title_for_shop
from checkout.messaging.conversations import MARKS, lock_conversation
from checkout.messaging.shown import ShownMessage, shown_messages
from checkout.models import ConversationReader, MessageSide, OrderMessage, SubOrder
from kit.work import leased, rounds
from kit.work.jobs import wake
from notifications.services import queue_email
from tenants.models import Role
from tenants.shops.addresses import shop_url
from tenants.shops.brand import brand_of
from tenants.shops.selectors import members_of

TASK = "checkout.tasks.write_message_letters"
MOST_QUOTED = 10  # messages in one letter
TEMPLATE = "order_messages"
LETTERS = leased.Kind(
    model=ConversationReader,
    lease=timedelta(minutes=2),
    back_off=leased.BackOff(first=timedelta(minutes=1), cap=timedelta(hours=1), attempts=8),
    waiting=lambda _: Q(due_at__isnull=False),
    given_up=lambda _: {"due_at": None},
)


def write_due_letters(*, now: datetime) -> int:
    """Write the letters that are due; return the number of conversations that were looked at."""
    written = rounds.work_through(LETTERS, lambda reader: _write(reader, now), now=now)
    if not written.is_complete:
        wake(TASK)
    return written.done


def _write(claimed: ConversationReader, now: datetime) -> None:
    """Write a letter about what a side has not read, unless it has read the conversation since it was claimed."""
    with transaction.atomic():
        part = SubOrder.objects.select_related("order", "shop").get(pk=claimed.conversation_id)
        lock_conversation(part=part, now=now)
        reader = ConversationReader.objects.get(pk=claimed.pk)
        if reader.due_at is None or reader.leased_until != claimed.leased_until:
            return
        side = MessageSide(reader.side)
        unread = list(
            OrderMessage.objects.filter(sub_order=part, forgotten_at=None, **{f"{MARKS[side]}__isnull": True})
            .select_related("author", "sub_order__order", "sub_order__shop")
            .prefetch_related("photos")
            .order_by("pk")
        )
        if unread:
            _send(part, side, unread, now)
        leased.done(LETTERS, reader, now=now, due_at=None, written_at=now if unread else None)


def _send(part: SubOrder, side: MessageSide, unread: Sequence[OrderMessage], now: datetime) -> None:
    key = f"messages-{side}-{unread[-1].pk.hex}"
    if side == MessageSide.BUYER:
        _send_to_buyer(part, unread, key, now)
    else:
        _send_to_shop(part, unread, key, now)


def _send_to_buyer(part: SubOrder, unread: Sequence[OrderMessage], key: str, now: datetime) -> None:
    order = part.order
    with speaking_to_buyer(order):
        context = {
            **_quoted(unread, MessageSide.BUYER),
            "title": title_for_buyer(unread[-1]),
            "link": conversation_address(part),
            "brand": brand_of(part.shop),
            "reason": gettext("You get this e-mail because you ordered with us."),
        }
        send_letter(order=order, template=TEMPLATE, context=context, key=key, now=now, kind="message.buyer")


def _send_to_shop(part: SubOrder, unread: Sequence[OrderMessage], key: str, now: datetime) -> None:
    for member in members_of(shop_id=part.shop_id):
        if member.role != Role.OWNER or is_tombstone(member.user.email):
            continue
        with speaking_to(user_id=member.user_id):
            context = {
                **_quoted(unread, MessageSide.SHOP),
                "title": title_for_shop(unread[-1]),
                "link": shop_url(part.shop, f"/dashboard/orders/{part.number}/messages/"),
                "brand": brand_of(part.shop),
                "reason": gettext("You get this e-mail because you own %(shop)s.") % {"shop": part.shop.name},
            }
            queue_email(
                to=member.user.email,
                template=TEMPLATE,
                kind="message.shop",
                context=context,
                dedup_key=f"{key}-{member.user_id}",
                now=now,
                user_id=member.user_id,
            )


def _quoted(unread: Sequence[OrderMessage], side: MessageSide) -> dict[str, object]:
    shown: list[ShownMessage] = shown_messages(unread[-MOST_QUOTED:], side)
    return {
        "quoted": shown,
        "earlier": len(unread) - len(shown),
        "is_masked": any(each.is_masked for each in shown),
    }
