"""Messages: who is told what and when, what stays hidden, what is forgotten, and what is refused."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import User
from accounts.services.personal_data import Subject
from checkout.announcing.message_letters import write_due_letters
from checkout.archives import MESSAGES
from checkout.errors import ConversationClosedError, MessagePhotoError
from checkout.messaging.masking import MASK
from checkout.messaging.photos import add_buyers_photo, add_shops_photo
from checkout.messaging.reading import mark_messages_read
from checkout.messaging.selectors import count_new_to_shop, new_to_buyer, read_messages, shop_inbox_page
from checkout.messaging.sending import NewMessage, send_message
from checkout.messaging.shown import shown_messages
from checkout.models import (
    Conversation,
    ConversationReader,
    MessagePhoto,
    MessageSide,
    Order,
    OrderMessage,
    SubOrder,
)
from checkout.personal_data import collect, erase
from kit.errors import InvalidInputError
from kit.work import outbox
from notifications.models import Email, Notification
from tenants.models import Shop
from tests.world.clock import NOW
from tests.world.factories.catalogue import picture
from tests.world.market import Stocked, open_shop
from tests.world.own_shop import counted, paid_order

pytestmark = pytest.mark.django_db
BUYER, SHOP, MARKET = MessageSide.BUYER, MessageSide.SHOP, MessageSide.OPERATOR
MINUTE, WAIT = timedelta(minutes=1), timedelta(minutes=10)


def say(part: SubOrder, side: MessageSide, text: str = "Hello", *, now: datetime = NOW, **more: Any) -> OrderMessage:
    message = send_message(NewMessage(part, side, more.pop("user_id", None), text, **more), now=now)
    outbox.relay(now=now)
    return message


def read(part: SubOrder, side: MessageSide, *, now: datetime = NOW, **more: Any) -> int:
    return mark_messages_read(parts=[part], side=side, user_id=more.pop("user_id", None), now=now, **more)


def seen_by(part: SubOrder, side: MessageSide) -> list[str]:
    return [message.text for message in shown_messages(read_messages(part_ids=[part.pk]).rows, side)]


def letters() -> list[str]:
    return list(Email.objects.filter(dedup_key__startswith="messages-").order_by("pk").values_list("to", flat=True))


def test_contact_details_are_hidden_from_the_other_side_until_the_order_is_paid(unpaid: SubOrder, owner: User) -> None:
    text = "Write to ada@example.com or 0803 123 4567"
    say(unpaid, BUYER, text)
    hidden = f"Write to {MASK} or {MASK}"
    assert [seen_by(unpaid, side) for side in (BUYER, SHOP, MARKET)] == [[text], [hidden], [text]]
    assert Notification.objects.get(user=owner).body == hidden
    write_due_letters(now=NOW + WAIT)
    letter = Email.objects.get(dedup_key__startswith="messages-")
    assert hidden in letter.text
    assert "example.com or" not in letter.text + letter.html
    assert "Contact details are hidden" in letter.text
    [row], _ = shop_inbox_page(shop_id=unpaid.shop_id, is_answered=None, offset=0, limit=5)
    assert row.last.text == hidden
    assert row.last.is_masked
    Order.objects.update(paid_at=NOW, status="paid")
    unpaid.refresh_from_db()
    assert seen_by(unpaid, SHOP) == [text]
    assert OrderMessage.objects.get().text == text


def test_a_message_is_told_on_the_site_at_once_and_its_notice_is_read_with_it(part: SubOrder, owner: User) -> None:
    say(part, BUYER, "Is it cotton?")
    [notice] = Notification.objects.filter(user=owner)
    assert (notice.kind, notice.body) == ("message.shop", "Is it cotton?")
    assert notice.url.endswith(f"/dashboard/orders/{part.number}/messages/")
    say(part, MARKET, "We are looking into it.")
    assert Notification.objects.filter(user=owner, read_at=None).count() == 2
    assert read(part, SHOP, user_id=owner.pk) == 2
    assert not Notification.objects.filter(user=owner, read_at=None).exists()
    assert read(part, SHOP) == 0


def test_a_burst_makes_one_letter_and_no_more_until_it_was_opened_or_a_day_has_passed(
    part: SubOrder, owner: User
) -> None:
    for minute in range(3):
        say(part, BUYER, f"Question {minute}", now=NOW + minute * MINUTE)
    write_due_letters(now=NOW + WAIT - MINUTE)
    assert letters() == []
    write_due_letters(now=NOW + WAIT)
    assert letters() == [owner.email]
    letter = Email.objects.get(dedup_key__startswith="messages-")
    assert all(f"Question {minute}" in letter.text for minute in range(3))
    assert "Replies to this e-mail are not delivered." in letter.text
    say(part, BUYER, "Are you there?", now=NOW + 2 * WAIT)
    write_due_letters(now=NOW + 4 * WAIT)
    assert len(letters()) == 1
    later = NOW + timedelta(days=1, hours=1)
    say(part, BUYER, "A day later", now=later)
    write_due_letters(now=later + WAIT)
    assert len(letters()) == 2
    read(part, SHOP, now=later + 2 * WAIT)
    say(part, BUYER, "Thank you", now=later + 3 * WAIT)
    write_due_letters(now=later + 4 * WAIT)
    assert len(letters()) == 3


def test_what_was_read_or_answered_in_time_makes_no_letter(part: SubOrder, owner: User) -> None:
    say(part, BUYER, "One")
    read(part, SHOP, now=NOW + MINUTE)
    say(part, BUYER, "Two", now=NOW + WAIT)
    say(part, SHOP, "Here", now=NOW + WAIT + MINUTE, user_id=owner.pk)
    assert not OrderMessage.objects.filter(read_by_shop_at=None).exists()
    write_due_letters(now=NOW + WAIT + 2 * MINUTE)
    assert letters() == []
    write_due_letters(now=NOW + 3 * WAIT)
    assert letters() == [part.order.email]


def test_the_guest_s_letter_opens_the_conversation_with_the_order_s_key(part: SubOrder, owner: User) -> None:
    say(part, SHOP, "It is on its way", user_id=owner.pk)
    write_due_letters(now=NOW + WAIT)
    letter = Email.objects.get(dedup_key__startswith="messages-")
    assert f"/orders/{part.order.number}/messages/{part.number}/?key={part.order.access_key}" in letter.text
    assert letter.is_secret
    assert letter.subject == f"{part.shop.name} has written to you about order {part.order.number}"


def test_reading_up_to_a_message_leaves_what_came_after_it_and_its_letter(part: SubOrder, owner: User) -> None:
    first = say(part, BUYER, "One")
    say(part, BUYER, "Two")
    assert read(part, SHOP, until=first.pk) == 1
    assert count_new_to_shop(shop_id=part.shop_id) == 1
    write_due_letters(now=NOW + WAIT)
    [letter] = Email.objects.filter(dedup_key__startswith="messages-")
    assert "Two" in letter.text
    assert "One" not in letter.text


def test_counts_and_the_inbox_ask_the_same_for_any_number(part: SubOrder, item: Stocked, owner: User) -> None:
    say(part, BUYER)
    say(part, SHOP, user_id=owner.pk)
    statements = []
    for number in range(2):
        with counted() as queries:
            rows, count = shop_inbox_page(shop_id=part.shop_id, is_answered=None, offset=0, limit=25)
        statements.append(len(queries))
        assert (len(rows), count) == (1 + 3 * number, 1 + 3 * number)
        for _ in range(3 * (1 - number)):
            other = SubOrder.objects.get(number=paid_order(item))
            say(other, BUYER, "First?", now=timezone.now())
    assert statements[0] == statements[1]
    rows, _ = shop_inbox_page(shop_id=part.shop_id, is_answered=None, offset=0, limit=25)
    assert [row.conversation.is_answered for row in rows] == [False, False, False, True]
    assert count_new_to_shop(shop_id=part.shop_id) == 3
    assert new_to_buyer([part.pk]) == {part.pk: 1}


def test_photos_are_taken_once_and_of_the_own_side(part: SubOrder, unpaid: SubOrder, owner: User) -> None:
    buyers = add_buyers_photo(order=part.order, upload=picture(), now=NOW)
    shops = add_shops_photo(part=part, upload=picture(), now=NOW)
    elsewhere = add_buyers_photo(order=unpaid.order, upload=picture(), now=NOW)
    for side, photo in ((BUYER, shops), (SHOP, buyers), (BUYER, elsewhere)):
        with pytest.raises(MessagePhotoError):
            say(part, side, photos=[photo.pk])
    assert not OrderMessage.objects.exists()
    say(part, BUYER, photos=[buyers.pk])
    with pytest.raises(MessagePhotoError):
        say(part, BUYER, photos=[buyers.pk])
    say(part, SHOP, photos=[shops.pk], user_id=owner.pk)
    assert sorted(photo.message is not None for photo in MessagePhoto.objects.all()) == [False, True, True]


def test_who_has_left_is_not_written_to_and_long_texts_are_refused(part: SubOrder) -> None:
    with pytest.raises(InvalidInputError):
        say(part, BUYER, " ")
    with pytest.raises(InvalidInputError):
        say(part, BUYER, "a" * 2_001)
    Shop.objects.update(status="closed")
    with pytest.raises(ConversationClosedError):
        say(part, BUYER)
    Shop.objects.update(status="live")
    erase(Subject(None, part.order.email, is_email_theirs=True), "deleted-1@deleted.invalid", NOW)
    with pytest.raises(ConversationClosedError):
        say(part, SHOP)
    assert not OrderMessage.objects.exists()


def test_messages_are_handed_out_and_forgotten_with_the_buyer(part: SubOrder, owner: User) -> None:
    photo = add_buyers_photo(order=part.order, upload=picture(), now=NOW)
    say(part, BUYER, "I live at 9 Bode Thomas St", photos=[photo.pk])
    say(part, SHOP, "Dear Ada", user_id=owner.pk)
    subject = Subject(None, part.order.email, is_email_theirs=True)
    handed_out = collect(subject)["messages"]
    assert [(each["side"], each["text"]) for each in handed_out] == [
        ("buyer", "I live at 9 Bode Thomas St"),
        ("shop", "Dear Ada"),
    ]
    erase(subject, "deleted-1@deleted.invalid", NOW)
    assert set(OrderMessage.objects.values_list("text", "forgotten_at")) == {("", NOW)}
    assert not MessagePhoto.objects.exists()
    write_due_letters(now=NOW + WAIT)
    assert letters() == []


def test_an_archive_has_the_buyer_s_words_once_the_order_is_paid(part: SubOrder, unpaid: SubOrder) -> None:
    from django.db import connection

    say(part, BUYER, "Paid")
    say(unpaid, BUYER, "ada@example.com")
    say(unpaid, SHOP, "Ours")
    with connection.cursor() as cursor:
        cursor.execute(MESSAGES.replace("{shop_id}", str(part.shop_id)))
        assert [row[3] for row in cursor.fetchall()] == ["Paid", "Ours"]


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("message_side_known", {"side": "nobody"}),
        ("message_has_text", {"text": ""}),
        ("message_within_length", {"text": "a" * 2_001}),
        ("message_read_by_its_side", {"read_by_buyer_at": None}),
    ],
)
def test_the_database_refuses_a_message_that_can_t_be(part: SubOrder, name: str, change: dict[str, Any]) -> None:
    message = say(part, BUYER)
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        OrderMessage.objects.filter(pk=message.pk).update(**change)


def test_the_database_refuses_readers_and_photos_that_can_t_be(part: SubOrder) -> None:
    say(part, BUYER)
    conversation, photo = Conversation.objects.get(), add_buyers_photo(order=part.order, upload=picture(), now=NOW)
    for name, act in (
        ("conversation_reader_once", lambda: ConversationReader.objects.create(conversation=conversation, side=SHOP)),
        ("conversation_reader_side", lambda: ConversationReader.objects.create(conversation=conversation, side=MARKET)),
        ("message_photo_side", lambda: MessagePhoto.objects.filter(pk=photo.pk).update(side=SHOP)),
        ("message_photo_file_once", lambda: MessagePhoto.objects.create(
            order=part.order, side=BUYER, file=photo.file, created_at=NOW
        )),
    ):  # fmt: skip
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            act()


def test_another_shop_reads_none_of_it(part: SubOrder) -> None:
    say(part, BUYER)
    other = open_shop("pot-house")
    assert shop_inbox_page(shop_id=other.pk, is_answered=None, offset=0, limit=5) == ([], 0)
    assert count_new_to_shop(shop_id=other.pk) == 0
