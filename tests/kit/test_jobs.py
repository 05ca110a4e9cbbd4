"""Waking a worker: once for all that waits, again for what comes after it has begun."""

from __future__ import annotations

from itertools import count
from typing import Any

import pytest

from kit.db.redis import client
from kit.models import OutboxMessage
from kit.tasks import relay_outbox
from kit.wiring import Hears
from kit.work import outbox
from kit.work.jobs import ASKED_SECONDS, begin, wake
from tests.world.clock import NOW
from tests.world.wiring import Counted, wired

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Messages that were published for the outbox's relay."""
    published: list[object] = []
    monkeypatch.setattr(relay_outbox, "apply_async", lambda **how: published.append(how))
    return published


def test_many_messages_ask_for_one_relay(asked: list[object], django_capture_on_commit_callbacks: Any) -> None:
    with wired(events=[Counted]), django_capture_on_commit_callbacks(execute=True):
        for _ in range(5):
            outbox.emit(Counted(1), now=NOW)
        assert not asked
    assert len(asked) == 1


def test_what_comes_after_a_worker_has_begun_asks_again(
    asked: list[object], django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        wake(relay_outbox)
    begin(relay_outbox)
    with django_capture_on_commit_callbacks(execute=True):
        wake(relay_outbox)
        wake("kit.tasks.relay_outbox")

    assert len(asked) == 2


def test_a_message_that_is_lost_keeps_others_from_asking_for_a_few_seconds_alone(
    asked: list[object], django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        wake(relay_outbox)

    [key] = client().scan_iter("*asked:kit.relay_outbox")
    assert 0 < client().ttl(key) <= ASKED_SECONDS


def test_what_is_left_of_a_full_outbox_is_asked_for_again(
    monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    heard: list[int] = []

    clock = count(step=outbox.SECONDS / 4)
    monkeypatch.setattr("kit.work.rounds.monotonic", lambda: next(clock))  # the time of a round is over after two
    for number in range(5):
        OutboxMessage.objects.create(topic=Counted.topic, payload={"number": number}, created_at=NOW)

    with (
        wired(hears=[Hears(Counted, lambda event, _now: heard.append(event.number))]),
        django_capture_on_commit_callbacks(execute=True),
    ):
        relay_outbox()

    assert sorted(heard) == [0, 1, 2, 3, 4]
    assert not OutboxMessage.objects.exists()
