"""Dispatchers at the same moment, and a worker that is killed in the middle of a slice."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from kit.models import BulkJob, BulkState, IdempotencyKey
from kit.work import bulk
from tests.world.bulk_jobs import GATE, KIND, ROWS_A_SLICE, counting, start_worker
from tests.world.clock import NOW
from tests.world.next_release import holding, nobody_else, somebody_waits
from tests.world.races import after_all, all_at_once
from tests.world.wiring import wired

THREADS = 8


@pytest.fixture(autouse=True)
def _counting(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(bulk, "_ask_for_a_worker", lambda: None)  # the tests are the workers
    with wired(contributes=[counting()]):
        yield


def queue(shop_id: int, rows: int) -> BulkJob:
    return bulk.queue_job(kind=KIND, shop_id=shop_id, total=rows, payload={"rows": rows}, created_by_id=None, now=NOW)


def choose(_number: int) -> int | None:
    job = bulk._take_turn(NOW)
    return job.shop_id if job else None


def test_dispatchers_at_once_choose_different_shops(live_database: str) -> None:
    for shop_id in range(1, THREADS + 1):
        queue(shop_id, 5_000)
    chosen = all_at_once(choose, THREADS)
    assert {shop_id: count for shop_id, count in chosen.items() if shop_id is not None and count > 1} == {}
    assert BulkJob.objects.filter(state=BulkState.RUNNING).count() == THREADS - chosen[None]


def test_a_shop_alone_is_served_by_one_dispatcher_at_a_time(live_database: str) -> None:
    for _ in range(THREADS):
        queue(1, 5_000)
    assert all_at_once(choose, THREADS) == {1: 1, None: THREADS - 1}
    assert BulkJob.objects.filter(state=BulkState.RUNNING).count() == 1


def test_control_without_the_turn_s_lock_one_shop_is_served_by_many(
    live_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(THREADS):
        queue(1, 5_000)
    monkeypatch.setattr(bulk, "_next_shop", lambda *_, **__: 1)
    monkeypatch.setattr(bulk, "_free_job", after_all(bulk._free_job, THREADS))
    assert all_at_once(choose, THREADS) == {1: THREADS}


def test_many_workers_do_every_row_once(live_database: str) -> None:
    jobs = [queue(1 + number % 3, 2_000 + number) for number in range(9)]

    def work(_number: int) -> str:
        while BulkJob.objects.filter(state__in=(BulkState.QUEUED, BulkState.RUNNING)).exists():
            bulk.run_next(now=NOW)
        return "done"

    assert all_at_once(work, 4) == {"done": 4}
    assert BulkJob.objects.filter(state=BulkState.DONE).count() == len(jobs)
    assert IdempotencyKey.objects.count() == sum(job.total for job in jobs)


@contextmanager
def killed_in_a_slice(database: str, eventually: Callable[..., Any]) -> Iterator[None]:
    with holding(database, f"SELECT pg_advisory_lock({GATE})"):
        process = start_worker(database, waits_at=2 * ROWS_A_SLICE)
        eventually(somebody_waits)
        yield
        os.kill(process.pid, signal.SIGKILL)
        process.communicate(timeout=30)


def test_a_killed_worker_s_slice_is_done_again_with_no_row_twice_or_missing(
    live_database: str, eventually: Callable[..., Any]
) -> None:
    job = queue(1, 5_000)
    with killed_in_a_slice(live_database, eventually):
        job.refresh_from_db()
        assert (job.state, job.done, job.cursor) == (BulkState.RUNNING, 1_000, 1_000)
        assert not bulk.run_next(now=NOW)
    eventually(lambda: nobody_else(live_database))  # until then the killed worker's transaction holds the job
    assert IdempotencyKey.objects.count() == 1_000
    later = NOW + bulk.LEASE
    while bulk.run_next(now=later):
        pass
    job.refresh_from_db()
    assert (job.state, job.done, job.slices) == (BulkState.DONE, 5_000, 10)
    assert IdempotencyKey.objects.filter(scope=str(job.pk)).count() == 5_000
