"""Bulk jobs: in turn between shops, a slice at a time, stopped, failed and taken up again."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from kit.errors import InvalidInputError
from kit.models import BulkJob, BulkState, BulkTurn, IdempotencyKey
from kit.tasks import run_bulk
from kit.work import bulk
from kit.work.bulk import BulkKind
from tests.world.bulk_jobs import KIND, ROWS_A_SLICE, counting
from tests.world.clock import NOW
from tests.world.wiring import wired

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)
MAX_ATTEMPTS = bulk.BACK_OFF.attempts or 0


@pytest.fixture
def served() -> Iterator[list[int | None]]:
    """Return the served shops, in order."""
    order: list[int | None] = []
    with wired(contributes=[counting(order)]):
        yield order


def queue(shop_id: int | None, rows: int, *, kind: str = KIND, now: datetime = NOW) -> BulkJob:
    return bulk.queue_job(kind=kind, shop_id=shop_id, total=rows, payload={"rows": rows}, created_by_id=None, now=now)


def run_all(now: datetime = NOW) -> None:
    while bulk.run_next(now=now):
        pass


def test_fifty_thousand_rows_of_one_shop_hold_nobody_up(served: list[int | None]) -> None:
    big = queue(1, 50_000)
    small = {shop_id: queue(shop_id, 900) for shop_id in range(2, 12)}
    run_all()
    # Two slices each: all ten are done before the big one has had its third.
    assert served[:11] == list(range(1, 12))
    assert served[11:22] == list(range(1, 12))
    assert served[22:] == [1] * 98
    big.refresh_from_db()
    assert (big.state, big.done, big.slices) == (BulkState.DONE, 50_000, 100)
    assert {job.state for job in BulkJob.objects.filter(pk__in=[job.pk for job in small.values()])} == {"done"}
    assert IdempotencyKey.objects.count() == 50_000 + 10 * 900


def test_who_comes_late_is_next(served: list[int | None]) -> None:
    queue(1, 5_000)
    for _ in range(3):
        bulk.run_next(now=NOW)
    queue(2, 100)
    queue(None, 100)
    run_all()
    assert served[:5] == [1, 1, 1, None, 2]
    assert set(served[5:]) == {1}


def test_jobs_of_one_shop_are_done_one_after_the_other(served: list[int | None]) -> None:
    second, first = queue(1, 100, now=LATER), queue(1, 900)
    bulk.run_next(now=NOW)
    assert [job.done for job in (BulkJob.objects.get(pk=first.pk), BulkJob.objects.get(pk=second.pk))] == [500, 0]
    run_all()
    assert BulkJob.objects.filter(state=BulkState.DONE).count() == 2


def test_a_leased_slice_keeps_its_shop_from_a_second_one(served: list[int | None]) -> None:
    queue(1, 900)
    queue(1, 900)
    queue(2, 900)
    leased = bulk._take_turn(NOW)
    assert leased is not None
    assert leased.shop_id == 1
    other = bulk._take_turn(NOW)
    assert other is not None
    assert other.shop_id == 2
    assert bulk._take_turn(NOW) is None
    assert bulk._take_turn(NOW + bulk.LEASE) is not None


def test_cancelled_jobs_stop_where_they_are(served: list[int | None]) -> None:
    job = queue(1, 5_000)
    bulk.run_next(now=NOW)
    assert bulk.cancel_job(job_id=job.pk, now=LATER).state == BulkState.CANCELLED
    run_all()
    job.refresh_from_db()
    assert (job.done, job.finished_at) == (ROWS_A_SLICE, LATER)
    with pytest.raises(bulk.BulkJobOverError):
        bulk.cancel_job(job_id=job.pk, now=LATER)
    with pytest.raises(bulk.BulkJobNotFailedError):
        bulk.retry_job(job_id=job.pk)


def test_a_slice_whose_lease_went_to_somebody_else_changes_nothing(served: list[int | None]) -> None:
    job = queue(1, 5_000)
    late = bulk._take_turn(NOW)
    assert late is not None
    bulk.run_next(now=NOW + bulk.LEASE)
    bulk._run_slice(late, NOW)
    bulk._give_back(late, "too late", NOW, is_final=True)
    job.refresh_from_db()
    assert (job.done, job.state, job.last_error) == (ROWS_A_SLICE, BulkState.RUNNING, "")


def test_a_failing_slice_is_tried_again_later_and_leaves_nothing_behind() -> None:
    def fail(step: bulk.Slice, now: datetime) -> bulk.Progress:
        IdempotencyKey.objects.create(scope="x", key="y", created_at=now)
        raise ZeroDivisionError("by nought")

    with wired(contributes=[counting(), BulkKind("tests.fail", fail)]):
        job, other = queue(1, 10, kind="tests.fail"), queue(1, 10, now=NOW + timedelta(seconds=1))
        assert bulk.run_next(now=NOW)
        job.refresh_from_db()
        assert (job.state, job.last_error) == (BulkState.QUEUED, "ZeroDivisionError: by nought")
        assert not IdempotencyKey.objects.filter(scope="x").exists()
        run_all()
        assert BulkJob.objects.get(pk=other.pk).state == BulkState.DONE
        now = NOW
        for _ in range(MAX_ATTEMPTS - 1):
            now += timedelta(minutes=10)
            assert bulk.run_next(now=now)
        job.refresh_from_db()
        assert (job.state, job.finished_at) == (BulkState.FAILED, now)
    with wired(contributes=[counting(name="tests.fail")]):
        bulk.retry_job(job_id=job.pk)
        run_all(now)
    job.refresh_from_db()
    assert (job.state, job.last_error, job.done) == (BulkState.DONE, "", 10)


def test_a_refusal_fails_the_job_at_once() -> None:
    def refuse(step: bulk.Slice, now: datetime) -> bulk.Progress:
        raise InvalidInputError("There is nothing to import.")

    with wired(contributes=[BulkKind("tests.refuse", refuse)]):
        job = queue(1, 10, kind="tests.refuse")
        run_all()
    job.refresh_from_db()
    assert (job.state, job.last_error, job.attempts) == (BulkState.FAILED, "There is nothing to import.", 1)


def test_a_job_that_kills_its_workers_is_given_up(served: list[int | None]) -> None:
    job, now = queue(1, 10), NOW
    for _ in range(MAX_ATTEMPTS):
        assert bulk._take_turn(now) is not None
        now += bulk.LEASE
    run_all(now)
    job.refresh_from_db()
    assert (job.state, job.done) == (BulkState.FAILED, 0)
    assert "lost" in job.last_error


def test_an_unknown_kind_is_refused() -> None:
    with pytest.raises(ValueError, match="not a kind"):
        queue(1, 10, kind="tests.nothing")
    assert not BulkJob.objects.exists()


def test_the_task_does_what_is_there(served: list[int | None]) -> None:
    queue(1, 900)
    run_bulk()
    assert BulkJob.objects.get().state == BulkState.DONE


@pytest.mark.parametrize(
    ("changes", "constraint"),
    [
        ({"kind": ""}, "bulk_job_kind_named"),
        ({"state": "odd"}, "bulk_job_"),
        ({"done": 11}, "bulk_job_done_within_total"),
        ({"finished_at": NOW}, "bulk_job_finished_has_time"),
        ({"state": "done"}, "bulk_job_finished_has_time"),
        ({"leased_until": NOW}, "bulk_job_leased_only_running"),
    ],
)
def test_the_database_holds_what_jobs_promise(
    served: list[int | None], changes: dict[str, Any], constraint: str
) -> None:
    job = queue(1, 10)
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        BulkJob.objects.filter(pk=job.pk).update(**changes)


def test_a_shop_s_turn_is_remembered_by_the_database_s_clock(served: list[int | None]) -> None:
    queue(1, 10)
    run_all()
    assert BulkTurn.objects.get(pk=1).served_at is not None
