"""Bulk jobs: long work done in slices, in turn between shops, so that one shop's import delays no other's.

An app contributes a kind (`BulkKind`) with a function that does one slice and returns its progress. The slice and the
job's cursor are committed together: a worker may be killed at any moment, and its slice is done again from where the
last one ended, with no row twice and none left out.
"""

import logging
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.utils.translation import gettext_lazy, override

from kit.db.roles import as_platform
from kit.errors import ConflictError, DomainError, NotFoundError
from kit.models import OPEN_STATES, BulkJob, BulkState, BulkTurn
from kit.wiring import Contribution, contributions
from kit.work.jobs import enqueue
from kit.work.leased import DIED, BackOff, reason_for, storable

logger = logging.getLogger(__name__)

LEASE = timedelta(seconds=60)
BACK_OFF = BackOff(first=timedelta(seconds=5), cap=timedelta(minutes=5), attempts=5)
CHOICES = 8
PLATFORM = 0

# Of the shops with work that is not leased, the one that has waited longest. Other dispatchers skip the row.
NEXT_TURN = """
    SELECT t.shop_id FROM kit_bulkturn t
     WHERE EXISTS (SELECT FROM kit_bulkjob j WHERE COALESCE(j.shop_id, 0) = t.shop_id
                      AND j.state IN ('queued', 'running') AND (j.lease_until IS NULL OR j.lease_until <= %(now)s)
                      AND (j.retry_at IS NULL OR j.retry_at <= %(now)s))
       AND (SELECT count(*) FROM kit_bulkjob j WHERE COALESCE(j.shop_id, 0) = t.shop_id
               AND j.lease_until > %(now)s) < %(at_once)s
     ORDER BY t.served_at NULLS FIRST, t.shop_id LIMIT 1 {lock}
"""


class BulkJobNotFoundError(NotFoundError):
    """No job has this id."""

    code = "bulk_job_not_found"
    default_message = gettext_lazy("There is no such job.")


class BulkJobOverError(ConflictError):
    """A job that is over cannot be stopped."""

    code = "bulk_job_over"
    default_message = gettext_lazy("This job is over already.")


class BulkJobNotFailedError(ConflictError):
    """A job that has not failed cannot be tried again."""

    code = "bulk_job_not_failed"
    default_message = gettext_lazy("Only a job that failed can be tried again.")


@dataclass(frozen=True, slots=True)
class Slice:
    """Input of a kind's function: the job, and the cursor at which its last slice ended."""

    job_id: UUID
    shop_id: int | None
    payload: Mapping[str, Any]
    cursor: int
    created_by_id: int | None


@dataclass(frozen=True, slots=True)
class Progress:
    """Progress of a slice.

    Args:
        cursor: the start of the next slice.
        done: rows of this slice, refused ones among them.
        refused: rows that could not be done; they do not hold up the others.
    """

    cursor: int
    done: int
    is_finished: bool
    refused: int = 0


@dataclass(frozen=True, slots=True)
class BulkKind(Contribution):
    """A kind of job, such as catalogue.stock_import.

    Args:
        run_slice: does one slice, within a transaction, in a second or two. An exception rolls the slice back,
            which is tried again, as `BACK_OFF` says; a DomainError fails the job at once.
    """

    name: str
    run_slice: Callable[[Slice, datetime], Progress]

    @property
    def key(self) -> str:
        """Key by which jobs of this kind are queued."""
        return self.name


@as_platform()
def queue_job(
    *, kind: str, shop_id: int | None, total: int, payload: dict[str, Any], created_by_id: int | None, now: datetime
) -> BulkJob:
    """Record a job, to be done after the commit.

    Raises:
        ValueError: no app has such a kind.
    """
    _run_of(kind)
    with transaction.atomic():
        BulkTurn.objects.bulk_create([BulkTurn(shop_id=shop_id or PLATFORM)], ignore_conflicts=True)
        job = BulkJob.objects.create(
            kind=kind, shop_id=shop_id, total=total, payload=payload, created_by_id=created_by_id, created_at=now
        )
        _ask_for_a_worker()
    return job


@as_platform()
def find_job(*, job_id: UUID, shop_id: int) -> BulkJob | None:
    """Return the current state of a shop's job."""
    return BulkJob.objects.filter(pk=job_id, shop_id=shop_id).first()


@as_platform()
def find_jobs(*, job_ids: Collection[UUID], shop_id: int) -> dict[UUID, BulkJob]:
    """Return the current state of a shop's jobs, by id, without those that are gone or another shop's."""
    return BulkJob.objects.filter(shop_id=shop_id).in_bulk(list(job_ids))


@as_platform()
def cancel_job(*, job_id: UUID, now: datetime, shop_id: int | None = None) -> BulkJob:
    """Stop a job after the slice that is running, which this waits for; what was done stays done.

    Args:
        shop_id: whose job it must be, where a shop asks; None where an operator does.

    Raises:
        BulkJobNotFoundError: there is none.
        BulkJobOverError: nothing is left to stop.
    """
    with transaction.atomic():
        job = _lock(job_id)
        if shop_id is not None and job.shop_id != shop_id:
            raise BulkJobNotFoundError
        if not job.is_open:
            raise BulkJobOverError
        job.state, job.finished_at = BulkState.CANCELLED, now
        job.leased_until = job.due_at = None
        job.save(update_fields=["state", "finished_at", "leased_until", "due_at"])
    return job


@as_platform()
def retry_job(*, job_id: UUID) -> BulkJob:
    """Take up a failed job where it stopped.

    Raises:
        BulkJobNotFoundError: there is none.
        BulkJobNotFailedError: it has not failed.
    """
    with transaction.atomic():
        job = _lock(job_id)
        if job.state != BulkState.FAILED:
            raise BulkJobNotFailedError
        job.state, job.finished_at, job.attempts, job.last_error = BulkState.QUEUED, None, 0, ""
        job.save(update_fields=["state", "finished_at", "attempts", "last_error"])
        _ask_for_a_worker()
    return job


def run_next(*, now: datetime) -> bool:
    """Do one slice of the next job; return whether there was one."""
    job = _take_turn(now)
    if job is None:
        return False
    if BACK_OFF.is_spent(job.attempts - 1):  # its workers died each time, without a word
        _give_back(job, DIED, now, is_final=True)
        return True
    try:
        with override(settings.LANGUAGE_CODE):  # a refusal is stored, and read by people of any language
            _run_slice(job, now)
    except DomainError as error:
        _give_back(job, error.message, now, is_final=True)
    except Exception as error:
        logger.exception("A slice of bulk job %s (%s) of shop %s failed.", job.pk, job.kind, job.shop_id)
        _give_back(job, reason_for(error), now, is_final=BACK_OFF.is_spent(job.attempts))
    return True


def _take_turn(now: datetime) -> BulkJob | None:
    """Choose a shop and lease its oldest job: two short statements and two updates, committed at once.

    The turn's row is locked first. Only then is the job looked up, by a separate statement, which sees the commits of
    earlier holders of the row.
    """
    for _ in range(CHOICES):
        with transaction.atomic():
            shop_id = _next_shop(now, lock="FOR UPDATE OF t SKIP LOCKED")
            if shop_id is None:
                return None
            job = _free_job(shop_id, now)
            if job is not None:
                _lease(job, shop_id, now)
                return job
    return None


def _next_shop(now: datetime, *, lock: str) -> int | None:
    with connection.cursor() as cursor:
        cursor.execute(NEXT_TURN.format(lock=lock), {"now": now, "at_once": settings.BULK_SLICES_PER_SHOP})
        row = cursor.fetchone()
    return None if row is None else int(row[0])


def _free_job(shop_id: int, now: datetime) -> BulkJob | None:
    jobs = BulkJob.objects.filter(shop_id=shop_id or None, state__in=OPEN_STATES)
    if jobs.filter(leased_until__gt=now).count() >= settings.BULK_SLICES_PER_SHOP:
        return None
    free = jobs.exclude(leased_until__gt=now).exclude(due_at__gt=now)
    return free.select_for_update(skip_locked=True).order_by("created_at", "id").first()


def _lease(job: BulkJob, shop_id: int, now: datetime) -> None:
    job.state, job.leased_until, job.attempts = BulkState.RUNNING, now + LEASE, job.attempts + 1
    job.started_at, job.due_at = job.started_at or now, None
    job.save(update_fields=["state", "leased_until", "attempts", "started_at", "due_at"])
    with connection.cursor() as cursor:
        cursor.execute("UPDATE kit_bulkturn SET served_at = clock_timestamp() WHERE shop_id = %s", [shop_id])


def _run_slice(leased: BulkJob, now: datetime) -> None:
    """Do a slice and move the cursor in one transaction, unless another worker has leased the job."""
    with transaction.atomic():
        job = _lock(leased.pk)
        if job.state != BulkState.RUNNING or job.leased_until != leased.leased_until:
            return
        step = Slice(job.pk, job.shop_id, job.payload, job.cursor, job.created_by_id)
        progress = _run_of(job.kind)(step, now)
        job.cursor, job.done = progress.cursor, min(job.done + progress.done, job.total)
        job.refused += progress.refused
        job.slices, job.attempts, job.last_error, job.leased_until = job.slices + 1, 0, "", None
        if progress.is_finished:
            job.state, job.finished_at = BulkState.DONE, now
        job.save()


def _run_of(kind: str) -> Callable[[Slice, datetime], Progress]:
    for contributed in contributions(BulkKind):
        if contributed.name == kind:
            return contributed.run_slice
    raise ValueError(f"{kind!r} is not a kind of bulk job.")


def _give_back(leased: BulkJob, error: str, now: datetime, *, is_final: bool) -> None:
    """Store why a slice failed; the job waits, longer each time, or ends."""
    with transaction.atomic():
        job = _lock(leased.pk)
        if job.state != BulkState.RUNNING or job.leased_until != leased.leased_until:
            return
        job.last_error, job.leased_until = storable(error), None
        if is_final:
            job.state, job.finished_at = BulkState.FAILED, now
        else:
            job.state = BulkState.QUEUED
            job.due_at = now + BACK_OFF.wait(job.attempts)
        job.save(update_fields=["state", "finished_at", "leased_until", "due_at", "last_error"])


def _lock(job_id: UUID) -> BulkJob:
    job = BulkJob.objects.select_for_update().filter(pk=job_id).first()
    if job is None:
        raise BulkJobNotFoundError
    return job


def _ask_for_a_worker() -> None:
    enqueue("kit.tasks.run_bulk")
