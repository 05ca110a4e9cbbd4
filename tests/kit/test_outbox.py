"""The outbox: an event reaches those who hear it; a message that nobody hears is kept."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from kit.models import OutboxMessage
from kit.wiring import Hears, WiringError
from kit.work import leased, outbox
from tests.kit.test_wiring import Unheard
from tests.world.clock import NOW
from tests.world.wiring import Counted, wired

pytestmark = pytest.mark.django_db


def waiting(topic: str, payload: dict[str, Any], shop_id: int | None = None) -> OutboxMessage:
    return OutboxMessage.objects.create(topic=topic, payload=payload, shop_id=shop_id, created_at=NOW)


def test_an_event_reaches_everybody_who_hears_it_once() -> None:
    heard: list[tuple[str, int]] = []
    hears = [
        Hears(Counted, lambda event, _: heard.append(("first", event.number))),
        Hears(Counted, lambda event, _: heard.append(("second", event.number))),
    ]
    with wired(hears=hears):
        outbox.emit(Counted(3), now=NOW)
        assert outbox.relay(now=NOW) == 1
        assert outbox.relay(now=NOW) == 0
    assert heard == [("first", 3), ("second", 3)]


def test_an_event_that_nobody_hears_is_not_written() -> None:
    with wired(events=[Unheard]), pytest.raises(WiringError, match="Unheard has no handler"):
        outbox.emit(Unheard(), now=NOW)
    assert not OutboxMessage.objects.exists()


def test_an_event_for_listeners_outside_needs_no_hearer() -> None:
    with wired(events=[Counted]):
        outbox.emit(Counted(3), now=NOW)
        outbox.relay(now=NOW)
    assert not OutboxMessage.objects.exists()


@pytest.mark.parametrize("topic", ["nobody.knows", Unheard.topic])
def test_a_message_that_nobody_hears_is_an_error_and_is_kept(topic: str, caplog: pytest.LogCaptureFixture) -> None:
    message = waiting(topic, {"number": 3})
    behind = waiting(Counted.topic, {"number": 4})
    with wired(events=[Unheard, Counted]), caplog.at_level(logging.ERROR):
        outbox.relay(now=NOW)
    message.refresh_from_db()
    assert (message.attempts, message.last_error) == (1, f"UnknownEventError: {topic} has no handler.")
    assert message.due_at == NOW + timedelta(seconds=1)
    assert message.payload == {"number": 3}
    assert [record.levelname for record in caplog.records] == ["ERROR"]
    assert not OutboxMessage.objects.filter(pk=behind.pk).exists()


def test_a_message_is_delivered_once_a_release_knows_its_topic() -> None:
    heard: list[int] = []
    waiting(Counted.topic, {"number": 3})
    outbox.relay(now=NOW)
    assert OutboxMessage.objects.count() == 1
    with wired(hears=[Hears(Counted, lambda event, _: heard.append(event.number))]):
        outbox.relay(now=NOW + timedelta(minutes=1))
    assert heard == [3]
    assert not OutboxMessage.objects.exists()


def test_a_message_that_does_not_fit_its_event_is_kept_with_the_reason() -> None:
    message = waiting(Counted.topic, {"number": "three"})
    with wired(events=[Counted]):
        outbox.relay(now=NOW)
    message.refresh_from_db()
    assert message.last_error == "EventError: number: 'three' is not a int."


def test_the_shop_of_a_message_of_an_earlier_release_is_read_from_its_row() -> None:
    from kit.wiring import find_event
    from kit.work.events import decode
    from tenants.events import ShopChanged

    message = waiting("shop.changed", {"fields": ["name"]}, shop_id=7)
    assert find_event(message.topic) is ShopChanged
    outbox.relay(now=NOW)  # there is no such shop: its listings are none
    assert not OutboxMessage.objects.exists()
    assert decode(ShopChanged, {"shop_id": 7, **message.payload}) == ShopChanged(7, fields=("name",))


def test_a_hearer_that_breaks_its_transaction_takes_back_its_own_alone_and_holds_up_nothing() -> None:
    def break_down(event: Counted, _: Any) -> None:
        OutboxMessage.objects.create(topic="half.done", payload={}, created_at=NOW, due_at=NOW + timedelta(days=9))
        if event.number == 3:
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1 / 0")

    broken, sound = waiting(Counted.topic, {"number": 3}), waiting(Counted.topic, {"number": 4})
    with wired(hears=[Hears(Counted, break_down)]):
        assert outbox.relay(now=NOW) == 1
    broken.refresh_from_db()
    assert (broken.attempts, broken.leased_until, broken.due_at) == (1, None, NOW + timedelta(seconds=1))
    assert "division by zero" in broken.last_error
    assert not OutboxMessage.objects.filter(pk=sound.pk).exists()
    assert OutboxMessage.objects.filter(topic="half.done").count() == 1


def test_a_message_whose_relay_was_killed_is_due_again_after_its_lease_and_the_try_is_counted() -> None:
    waiting(Counted.topic, {"number": 3})
    [killed] = leased.claim(outbox.MESSAGES, now=NOW)
    assert leased.begin(outbox.MESSAGES, killed)
    heard: list[int] = []
    with wired(hears=[Hears(Counted, lambda event, _: heard.append(event.number))]):
        assert outbox.relay(now=NOW + timedelta(seconds=59)) == 0
        assert OutboxMessage.objects.get().attempts == 1
        assert outbox.relay(now=NOW + timedelta(seconds=61)) == 1
    assert heard == [3]


def test_a_relay_that_has_lost_its_message_tells_nobody() -> None:
    waiting(Counted.topic, {"number": 3})
    [late] = leased.claim(outbox.MESSAGES, now=NOW)
    [current] = leased.claim(outbox.MESSAGES, now=NOW + timedelta(seconds=61))
    heard: list[int] = []
    with wired(hears=[Hears(Counted, lambda event, _: heard.append(event.number))]):
        outbox._relay(late, NOW)
        assert heard == []
        outbox._relay(current, NOW)
    assert heard == [3]


def test_a_failed_message_that_is_due_goes_before_newer_ones() -> None:
    with wired(hears=[Hears(Counted, lambda *_: None)]):
        for number in range(3):
            outbox.emit(Counted(number=number), now=NOW)
        OutboxMessage.objects.filter(payload__number=2).update(due_at=NOW - timedelta(hours=1), attempts=1)
        claimed = leased.claim(outbox.MESSAGES, now=NOW, limit=2)
    assert [message.payload["number"] for message in claimed] == [2, 0]
