"""Rounds: doing what is due of one kind of work, where no row that fails holds up another."""

import logging
from collections import Counter
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter
from queue import Empty, SimpleQueue
from threading import Lock
from time import monotonic
from typing import Generic, TypeVar

from django.conf import settings
from django.db import connection, connections
from django.utils.translation import override

from kit.errors import DomainError
from kit.work.leased import Kind, W, begin, claim, give_up, put_off, reason_for, release

logger = logging.getLogger(__name__)

SECONDS = 40.0
CAP = 5_000
BATCH = 50
# A service is taken for silent when it has answered nothing about so many different rows in a row.
SILENT_ROWS = 5

Act = Callable[[W], object]
K = TypeVar("K")


@dataclass(frozen=True, slots=True)
class Round:
    """Result of a round.

    Args:
        done: rows that were done, without an exception.
        failed: rows that were put off or given up.
        is_complete: nothing is left that can be done now; else another round should be asked for.
    """

    done: int
    failed: int
    is_complete: bool


def attempt(kind: Kind[W], row: W, act: Act[W], *, now: datetime) -> bool:
    """Run one claimed row and store its error, if any; return whether it succeeded."""
    return begin(kind, row) and _attempt(kind, row, act, now) is None


def work_through(
    kind: Kind[W], act: Act[W], *, now: datetime, threads: int = 1, seconds: float = SECONDS, cap: int = CAP
) -> Round:
    """Run due rows, the longest due first, until all are done or the time is over.

    Rows that fail wait for a later round, so a round ends. Where an outside service is silent about several rows, those
    that need it are left for the next round, untried and uncounted; the others continue. Several bad rows in a row look
    the same, so one that has failed least is tried before the service is taken for silent.

    Args:
        threads: rows at a time, each on a connection of its own, for work that waits for others.
        seconds: when no further row is begun; well within the lease, which counts from `now`.
        cap: rows at most.
    """
    if seconds > kind.lease.total_seconds() / 2:
        raise ValueError(f"A round of {seconds} s is too long for a lease of {kind.lease}.")
    worker = _Worker(kind, act, now, monotonic() + seconds)
    while worker.seen < cap and not worker.is_late:
        if kind.service is None and worker.silent:
            return worker.round(is_complete=True)
        rows = claim(kind, now=now, limit=min(BATCH, cap - worker.seen), without=worker.silent)
        if not rows:
            return worker.round(is_complete=True)
        worker.do(rows, threads)
        worker.probe()
    return worker.round(is_complete=False)


def each_by_itself(keys: Iterable[K], act: Callable[[K], object], *, name: str) -> int:
    """Act on each due key; return the number done. A key that fails stays due and does not stop the others.

    `act` returns False where there was nothing to do.

    For work that keeps no state of its own between tries: keys that are still due are tried again by the schedule.

    Args:
        name: the name of a key in log lines.
    """
    done = 0
    for key in keys:
        try:
            done += act(key) is not False
        except DomainError as error:
            logger.warning("%s %s is left for the next time: %s", name, key, error.message)
        except Exception:
            logger.exception("%s %s failed, and is left for the next time.", name, key)
            mend_connection()
    return done


class _Worker(Generic[W]):
    """One round under way; several threads may share it."""

    def __init__(self, kind: Kind[W], act: Act[W], now: datetime, deadline: float) -> None:
        self._kind, self._act, self._now, self._deadline = kind, act, now, deadline
        self._service = attrgetter(kind.service.replace("__", ".")) if kind.service else None
        self._unanswered: Counter[str] = Counter()
        self._silent: set[str] = set()
        self._lock = Lock()
        self._done = self._failed = 0

    @property
    def seen(self) -> int:
        """Return the number of rows that were tried."""
        return self._done + self._failed

    @property
    def is_late(self) -> bool:
        """Return whether it is too late to begin another row."""
        return monotonic() >= self._deadline

    @property
    def silent(self) -> list[str]:
        """Return the services that do not answer."""
        return sorted(self._silent)

    def round(self, *, is_complete: bool) -> Round:
        """Return the result of the round."""
        return Round(self._done, self._failed, is_complete)

    def do(self, rows: list[W], threads: int) -> None:
        """Run claimed rows, or release their leases."""
        waiting: SimpleQueue[W] = SimpleQueue()
        for row in rows:
            waiting.put(row)
        if threads == 1:
            self._empty(waiting)
            return
        with ThreadPoolExecutor(min(threads, len(rows))) as pool:
            for thread in [pool.submit(self._empty_on_own_connection, waiting) for _ in range(threads)]:
                thread.result()

    def probe(self) -> None:
        """Try one more row of each service that seems silent: it is if that is not answered either."""
        suspected = [service for service, rows in self._unanswered.items() if rows >= SILENT_ROWS]
        for service in suspected:
            if service in self._silent or self.is_late:
                continue
            rows = claim(self._kind, now=self._now, probing=service)
            for row in rows:
                self._do(row, service)
            if not rows or self._unanswered[service] >= SILENT_ROWS:
                self._silent.add(service)

    def _empty_on_own_connection(self, waiting: "SimpleQueue[W]") -> None:
        try:
            self._empty(waiting)
        finally:
            connections.close_all()

    def _empty(self, waiting: "SimpleQueue[W]") -> None:
        try:
            while (row := _next(waiting)) is not None:
                service = self._service(row) if self._service else ""
                if self.is_late or self._unanswered[service] >= SILENT_ROWS:
                    release(self._kind, row, now=self._now)
                else:
                    self._do(row, service)
        except BaseException:  # the worker is to end: release the leases of rows that it has not begun
            while (row := _next(waiting)) is not None:
                release(self._kind, row, now=self._now)
            raise

    def _do(self, row: W, service: str) -> None:
        if not begin(self._kind, row):
            return
        error = _attempt(self._kind, row, self._act, self._now)
        self._count(service, error)
        if error is not None and _is_out_of_time(error):
            raise error

    def _count(self, service: str, error: Exception | None) -> None:
        with self._lock:
            self._done += error is None
            self._failed += error is not None
            self._unanswered[service] = self._unanswered[service] + 1 if isinstance(error, self._kind.silent) else 0


def _next(waiting: "SimpleQueue[W]") -> W | None:
    try:
        return waiting.get_nowait()
    except Empty:
        return None


def _attempt(kind: Kind[W], row: W, act: Act[W], now: datetime) -> Exception | None:
    try:
        with override(settings.LANGUAGE_CODE):  # a refusal is stored, and read by people of any language
            act(row)
    except Exception as error:  # noqa: BLE001 - any error is this row's alone, and is stored
        _note(kind, row, error, now)
        return error
    return None


def _note(kind: Kind[W], row: W, error: Exception, now: datetime) -> None:
    """Write down why a row failed; where not even that can be done, the end of its lease brings it back."""
    if isinstance(error, (*kind.silent, *kind.lasting, *kind.expected)):
        logger.warning("%s %s: %s", kind.name, row.pk, error)
    else:
        logger.error("%s %s failed.", kind.name, row.pk, exc_info=error)
    try:
        if isinstance(error, kind.lasting):
            give_up(kind, row, reason=str(error), now=now)
        else:
            put_off(kind, row, now=now, reason=reason_for(error), retry_after=getattr(error, "retry_after", None))
    except Exception:
        logger.exception("%s %s failed, and that could not be noted.", kind.name, row.pk)
        mend_connection()


def mend_connection() -> None:
    """Close a broken connection: the next row gets another."""
    if not connection.in_atomic_block and connection.connection is not None and not connection.is_usable():
        connection.close()


def _is_out_of_time(error: Exception) -> bool:
    """Return whether Celery ends the task that runs; outside a task, its package need not be loaded."""
    from celery.exceptions import SoftTimeLimitExceeded

    return isinstance(error, SoftTimeLimitExceeded)
