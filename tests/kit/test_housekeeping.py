"""Old keys, bodies, jobs and hopeless messages go; what is needed stays."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection

from kit.errors import ConflictError
from kit.models import BulkJob, BulkState, IdempotencyKey, OutboxMessage
from kit.work import housekeeping
from tests.world.clock import NOW
from tests.world.wiring import Counted, wired
from webhooks.models import InboundEvent, InboundStatus
from webhooks.services import purge_bodies, replay_event

pytestmark = pytest.mark.django_db


def test_keys_go_after_a_week_in_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(housekeeping, "BATCH", 3)
    for age in (1, 6, 8, 9, 10, 11):
        IdempotencyKey.objects.create(scope="s", key=str(age), created_at=NOW - timedelta(days=age))
    assert housekeeping.purge_idempotency_keys(now=NOW) == 4
    assert set(IdempotencyKey.objects.values_list("key", flat=True)) == {"1", "6"}


def test_one_call_does_so_many_batches_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(housekeeping, "BATCH", 2)
    monkeypatch.setattr(housekeeping, "BATCHES", 2)
    for number in range(7):
        IdempotencyKey.objects.create(scope="s", key=str(number), created_at=NOW - timedelta(days=30))
    assert housekeeping.purge_idempotency_keys(now=NOW) == 4
    assert IdempotencyKey.objects.count() == 3


def test_a_batch_is_looked_up_once_whatever_the_plan() -> None:
    """With `IN (…)` a plan that asks again for each row deletes all of them."""
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE kit_idempotencykey")  # its pages, which other tests have filled, decide on the plan
    for number in range(7):
        IdempotencyKey.objects.create(scope="s", key=str(number), created_at=NOW - timedelta(days=30))
    with connection.cursor() as cursor:
        for way in ("hashagg", "hashjoin", "mergejoin", "sort", "material"):
            cursor.execute(f"SET LOCAL enable_{way} = off")
        as_before = housekeeping.PURGE_KEYS.replace("= ANY(ARRAY(", "IN (").replace("LOCKED))", "LOCKED)")
        cursor.execute("SAVEPOINT before")
        cursor.execute(as_before, [NOW, 2])
        assert cursor.rowcount == 7, "The control: this plan asks again."
        cursor.execute("ROLLBACK TO SAVEPOINT before")
        cursor.execute(housekeeping.PURGE_KEYS, [NOW, 2])
        assert cursor.rowcount == 2


def event(number: int, *, days: int, status: str = InboundStatus.PROCESSED) -> InboundEvent:
    received = NOW - timedelta(days=days)
    return InboundEvent.objects.create(
        provider="paystack", digest=str(number), kind="charge.success", body=b"{}", status=status,
        received_at=received, due_at=received if status == InboundStatus.RECEIVED else None,
    )  # fmt: skip


def test_bodies_are_emptied_and_rows_kept() -> None:
    young, old, waiting = event(1, days=89), event(2, days=91), event(3, days=91, status=InboundStatus.RECEIVED)
    assert purge_bodies(now=NOW) == 1
    assert purge_bodies(now=NOW) == 0
    for each in (young, old, waiting):
        each.refresh_from_db()
    assert [bytes(each.body) for each in (young, old, waiting)] == [b"{}", b"", b"{}"]
    with pytest.raises(ConflictError, match="too old"):
        replay_event(event_id=old.pk, now=NOW)
    old.refresh_from_db()
    assert old.status == InboundStatus.PROCESSED


def test_jobs_that_were_over_long_ago_go() -> None:
    for days, state in ((91, BulkState.DONE), (89, BulkState.DONE), (500, BulkState.QUEUED)):
        then = NOW - timedelta(days=days)
        finished = then if state == BulkState.DONE else None
        BulkJob.objects.create(kind=f"{days}", state=state, created_at=then, finished_at=finished)
    assert housekeeping.purge_bulk_jobs(now=NOW) == 1
    assert set(BulkJob.objects.values_list("kind", flat=True)) == {"89", "500"}


def test_only_hopeless_messages_are_given_up() -> None:
    waiting = {
        "hopeless": (Counted.topic, 31, 100),
        "young": (Counted.topic, 29, 100),
        "few": (Counted.topic, 31, 99),
        "unknown": ("nobody.knows", 31, 100),
    }
    for name, (topic, days, attempts) in waiting.items():
        OutboxMessage.objects.create(
            topic=topic, payload={"name": name}, created_at=NOW - timedelta(days=days), attempts=attempts, due_at=NOW
        )
    with wired(events=[Counted]):
        assert housekeeping.purge_outbox(now=NOW) == 1
    assert set(OutboxMessage.objects.values_list("payload__name", flat=True)) == {"young", "few", "unknown"}
