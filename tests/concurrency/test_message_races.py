"""A message that comes while the other side reads, or while a letter is written, is told of all the same, and once."""

from __future__ import annotations

from datetime import datetime, timedelta
from threading import Barrier, Event
from typing import Any

import pytest

from checkout.announcing import message_letters
from checkout.messaging import conversations, reading, sending
from checkout.messaging.reading import mark_messages_read
from checkout.messaging.sending import NewMessage, send_message
from checkout.models import Conversation, ConversationReader, MessageSide, OrderMessage, SubOrder
from notifications.models import Email
from tests.world.clock import NOW
from tests.world.market import open_shop, stock
from tests.world.own_shop import member, paid_order
from tests.world.races import all_at_once

BUYER, SHOP = MessageSide.BUYER, MessageSide.SHOP
WAIT = timedelta(minutes=10)
LATER = NOW + timedelta(hours=1)


@pytest.fixture
def part(live_database: str) -> SubOrder:
    item = stock(open_shop("indigo"))
    member(item.shop)
    return SubOrder.objects.select_related("order", "shop").get(number=paid_order(item, now=NOW))


def say(part: SubOrder, text: str, *, now: datetime) -> str:
    send_message(NewMessage(part, BUYER, None, text), now=now)
    return "said"


def read(part: SubOrder, *, now: datetime) -> str:
    mark_messages_read(parts=[part], side=SHOP, user_id=None, now=now)
    return "read"


def letters() -> int:
    return Email.objects.filter(dedup_key__startswith="messages-shop-").count()


def told_once(part: SubOrder) -> None:
    """Have the shop told by a letter, so that no other follows until it has opened the conversation."""
    say(part, "First", now=NOW)
    message_letters.write_due_letters(now=NOW + WAIT)
    assert letters() == 1


def test_the_first_messages_at_once_begin_one_conversation_and_make_one_letter(part: SubOrder) -> None:
    assert all_at_once(lambda number: say(part, f"Question {number}", now=NOW), 4) == {"said": 4}
    assert (Conversation.objects.count(), ConversationReader.objects.count(), OrderMessage.objects.count()) == (1, 2, 4)
    all_at_once(lambda _: message_letters.write_due_letters(now=NOW + WAIT), 3)
    assert letters() == 1


def test_a_message_that_comes_while_the_other_side_reads_still_makes_a_letter(part: SubOrder) -> None:
    told_once(part)
    acts: list[Any] = [lambda: read(part, now=LATER), lambda: say(part, "Meanwhile", now=LATER)]
    all_at_once(lambda number: acts[number](), 2)
    unread = OrderMessage.objects.filter(read_by_shop_at=None).exists()
    waits = ConversationReader.objects.get(side=SHOP).due_at is not None
    assert waits == unread
    message_letters.write_due_letters(now=LATER + WAIT)
    assert letters() == 1 + unread


def test_without_the_lock_such_a_message_is_never_told_of(part: SubOrder, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: the sender has seen that a letter was written, then the reader opens the conversation."""
    told_once(part)
    planned, is_read = Event(), Event()
    real_plan = conversations.plan_letter

    def plan(*args: Any, **more: Any) -> None:
        real_plan(*args, **more)
        planned.set()
        is_read.wait(timeout=60)

    def read_meanwhile() -> str:
        planned.wait(timeout=60)
        found = read(part, now=LATER)
        is_read.set()
        return found

    monkeypatch.setattr(sending, "plan_letter", plan)
    monkeypatch.setattr(sending, "lock_conversation", lambda *, part, **_: Conversation.objects.get(pk=part.pk))
    monkeypatch.setattr(reading, "lock_conversations", lambda ids: list(Conversation.objects.filter(pk__in=list(ids))))
    acts: list[Any] = [lambda: say(part, "Meanwhile", now=LATER), read_meanwhile]
    all_at_once(lambda number: acts[number](), 2)
    assert OrderMessage.objects.get(text="Meanwhile").read_by_shop_at is None
    assert ConversationReader.objects.get(side=SHOP).due_at is None, "no letter waits: it is lost"


def test_a_letter_is_not_written_about_what_was_read_while_it_waited_for_the_lock(
    part: SubOrder, monkeypatch: pytest.MonkeyPatch
) -> None:
    say(part, "First", now=NOW)
    real, both = conversations.lock_conversation, Barrier(2)

    def lock(**more: Any) -> Any:
        both.wait(timeout=60)  # claimed
        both.wait(timeout=60)  # read meanwhile
        return real(**more)

    def read_between() -> str:
        both.wait(timeout=60)
        read(part, now=NOW + WAIT)
        both.wait(timeout=60)
        return "read"

    monkeypatch.setattr(message_letters, "lock_conversation", lock)
    acts: list[Any] = [lambda: message_letters.write_due_letters(now=NOW + WAIT) and "round", read_between]
    all_at_once(lambda number: acts[number](), 2)
    assert letters() == 0
    say(part, "Second", now=LATER)
    monkeypatch.setattr(message_letters, "lock_conversation", real)
    message_letters.write_due_letters(now=LATER + WAIT)
    assert letters() == 1
