"""Two workers and one row that waits: one of them gets it. The control takes the lock away."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import count
from threading import Barrier

import pytest

from kit.models import OutboxMessage
from kit.work import leased, outbox, rounds
from notifications.models import Email
from notifications.services.emails import EMAILS
from tests.world.clock import NOW
from tests.world.races import all_at_once

WORKERS = 8


def wait_for(count: int) -> None:
    Email.objects.bulk_create(
        Email(to=f"{number}@example.com", subject="x", text="x", dedup_key=str(number), created_at=NOW, due_at=NOW)
        for number in range(count)
    )


def test_one_row_is_claimed_by_one_worker(live_database: str) -> None:
    wait_for(1)
    assert all_at_once(lambda _: len(leased.claim(EMAILS, now=NOW)), WORKERS) == {1: 1, 0: WORKERS - 1}
    assert Email.objects.get().leased_until is not None


def test_workers_side_by_side_do_every_row_once(live_database: str) -> None:
    wait_for(200)
    claimed: list[int] = []

    def work(_number: int) -> str:
        while rows := leased.claim(EMAILS, now=NOW, limit=7):
            claimed.extend(row.pk for row in rows)
        return "done"

    assert all_at_once(work, WORKERS) == {"done": WORKERS}
    assert sorted(claimed) == sorted(Email.objects.values_list("pk", flat=True))


def test_control_without_the_lock_two_workers_take_the_same_row(
    live_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    wait_for(1)
    monkeypatch.setattr(leased, "CLAIM", leased.CLAIM.replace(" FOR UPDATE OF {table} SKIP LOCKED", ""))
    looked = Barrier(2)
    find = leased.due

    def look_together(kind: leased.Kind[Email], *, now: object) -> object:
        found = find(kind, now=NOW)
        rows = list(found.values_list("pk", flat=True)[:1])
        looked.wait(timeout=60)
        return Email.objects.filter(pk__in=rows).order_by("pk")

    monkeypatch.setattr(leased, "due", look_together)
    assert all_at_once(lambda _: len(leased.claim(EMAILS, now=NOW)), 2) == {1: 2}


def test_threads_of_one_round_do_every_row_once_on_connections_of_their_own(live_database: str) -> None:
    wait_for(60)
    sent: list[int] = []
    together, begun = Barrier(4), count()

    def act(email: Email) -> None:
        if next(begun) < 4:
            together.wait(timeout=60)  # four are under way at the same moment
        sent.append(email.pk)
        leased.done(EMAILS, email, now=NOW, sent_at=NOW)

    found = rounds.work_through(EMAILS, act, now=NOW, threads=4)
    assert (found.done, found.is_complete) == (60, True)
    assert sorted(sent) == sorted(Email.objects.filter(sent_at=NOW).values_list("pk", flat=True))


def test_an_event_whose_hearer_outlasts_the_lease_is_told_once(
    live_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    OutboxMessage.objects.create(topic="x", payload={}, created_at=NOW, due_at=NOW)
    told: list[int] = []

    def deliver(message: OutboxMessage, _now: datetime) -> None:
        told.append(message.pk)
        if len(told) == 1:  # another relay comes when the lease is over, and this one is not done
            later = NOW + timedelta(seconds=61)
            assert all_at_once(lambda _: outbox.relay(now=later), 1) == {0: 1}

    monkeypatch.setattr(outbox, "_deliver", deliver)
    assert outbox.relay(now=NOW) == 1
    assert len(told) == 1
    assert not OutboxMessage.objects.exists()
