"""Leased work: rows that wait are claimed, retried with a back-off, and ended (docs/adr/0019-work-that-waits.md).

A row waits until it is due. A worker claims it: the claim is committed with the time at which the lease ends: no other
worker takes the row before, and one may after. A try is counted when the row is begun, not when its batch is claimed.
Then the row is done, put off, or given up. `kit.work.rounds` runs due rows with it.
"""

import logging
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Generic, TypeVar

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext_noop

from kit.db.leased_work import LeasedWork
from kit.db.open_transactions import is_transaction_open
from kit.errors import DomainError, WordedError

logger = logging.getLogger(__name__)

LONGEST_REASON = 1000
LONGEST_RETRY_AFTER = timedelta(days=1)
DIED = gettext_noop("Its worker was lost each time this was tried.")

CLAIM = """
    WITH due (id, since) AS MATERIALIZED ({due} FOR UPDATE OF {table} SKIP LOCKED),
         claimed AS (UPDATE {table} AS work SET {changes} FROM due WHERE work.{key} = due.id
                     RETURNING {columns}, due.since)
    SELECT * FROM claimed ORDER BY since NULLS FIRST, {key}
"""


W = TypeVar("W", bound=LeasedWork)


class UncommittedClaimError(RuntimeError):
    """Rows were about to be claimed in a transaction: a bug, wherever it happens."""


@dataclass(frozen=True, slots=True)
class BackOff:
    """Waiting times of a row after each failure, and the number of failures after which it is given up.

    Args:
        first: the wait after the first failure; each further one is `factor` times as long, up to `cap`.
        attempts: how often it is tried in all; None: for as long as it waits.
    """

    first: timedelta
    cap: timedelta
    attempts: int | None = None
    factor: float = 2.0

    def wait(self, attempts: int, *, retry_after: int | None = None) -> timedelta:
        """Return the waiting time after a number of tries, at least the seconds that the other side asks for."""
        steps = min(max(attempts - 1, 0), 100)
        own = min(self.first.total_seconds() * self.factor**steps, self.cap.total_seconds())
        return timedelta(seconds=max(own, min(retry_after or 0, LONGEST_RETRY_AFTER.total_seconds())))

    def is_spent(self, attempts: int) -> bool:
        """Return whether a try was the last one."""
        return self.attempts is not None and attempts >= self.attempts


@dataclass(frozen=True, slots=True)
class Kind(Generic[W]):
    """One kind of work that waits.

    Args:
        lease: how long a worker may take for one row before it is thought dead.
        waiting: which rows wait, at a time; they are in the end state, or done, where this is no longer true.
        given_up: what is written on a row that is given up, besides the reason; it must end the waiting.
        claimed, put_off: what else is written on a row that is claimed, or that waits again.
        service: the field that names the service outside which a row needs.
        silent: what is raised where that service does not answer; `retry_after` in it is honoured.
        lasting: what is raised where trying again cannot help: the row is given up at once.
        expected: what else is raised in the ordinary course, and is no error of ours.
    """

    model: type[W]
    lease: timedelta
    back_off: BackOff
    waiting: Callable[[datetime], Q]
    given_up: Callable[[datetime], Mapping[str, Any]]
    claimed: Mapping[str, Any] = field(default_factory=dict)
    put_off: Mapping[str, Any] = field(default_factory=dict)
    service: str | None = None
    silent: tuple[type[Exception], ...] = ()
    lasting: tuple[type[Exception], ...] = ()
    expected: tuple[type[Exception], ...] = ()

    @property
    def name(self) -> str:
        """Name of the kind in log lines."""
        return str(self.model._meta.verbose_name)  # noqa: SLF001 - documented


def due(kind: Kind[W], *, now: datetime) -> "QuerySet[W]":
    """Return the rows that wait, are due and are not leased, the longest due first."""
    at_once_or_past = (Q(due_at__isnull=True) | Q(due_at__lte=now)) & (
        Q(leased_until__isnull=True) | Q(leased_until__lte=now)
    )
    found = kind.model._default_manager.filter(kind.waiting(now), at_once_or_past)  # noqa: SLF001 - documented
    return found.order_by(F("due_at").asc(nulls_first=True), "pk")


def claim(
    kind: Kind[W],
    *,
    now: datetime,
    limit: int = 1,
    only: Collection[Any] | None = None,
    without: Collection[str] = (),
    probing: str | None = None,
) -> list[W]:
    """Claim rows that are due, the longest due first: one statement, which skips rows that others hold.

    A row whose workers have died each time is given up here, and not returned.

    Args:
        only: primary keys, for callers that know the row to do.
        without: names of outside services that do not answer.
        probing: a service outside; of the rows that need it, those that failed least come first, then the latest due.

    Raises:
        UncommittedClaimError: a transaction is open, whose end would decide whether the rows are taken.
    """
    if is_transaction_open():
        raise UncommittedClaimError("Claim before the transaction, or after it: others must see whose the rows are.")
    found = due(kind, now=now)
    if only is not None:
        found = found.filter(pk__in=only)
    if kind.service and without:
        found = found.exclude(**{f"{kind.service}__in": list(without)})
    if probing is not None:
        needed = {kind.service: probing} if kind.service else {}
        found = found.filter(**needed).order_by("attempts", F("due_at").desc(), "-pk")
    claimed = []
    for row in _claim(kind, found[:limit], now):
        if kind.back_off.is_spent(row.attempts):
            give_up(kind, row, reason=row.last_error or DIED, now=now)
        else:
            claimed.append(row)
    return claimed


def begin(kind: Kind[W], row: W) -> bool:
    """Count a try of a claimed row, committed before the work; return whether the row is still the caller's.

    Should the worker be lost now, the row is due after its wait, behind what was claimed with it and never begun.
    """
    if row.leased_until is None:
        return False
    attempts = row.attempts + 1
    mine = kind.model._default_manager.filter(pk=row.pk, leased_until=row.leased_until)  # noqa: SLF001 - documented
    row.attempts = attempts
    return mine.update(attempts=attempts, due_at=row.leased_until + kind.back_off.wait(attempts)) == 1


def done(kind: Kind[W], row: W, *, now: datetime, **changes: Any) -> bool:
    """Store the result of a row that need not be tried again; return whether the row still waited.

    The result counts even if the lease is over.
    """
    waiting = kind.model._default_manager.filter(kind.waiting(now), pk=row.pk)  # noqa: SLF001 - documented
    return waiting.update(leased_until=None, last_error="", **changes) == 1


def put_off(kind: Kind[W], row: W, *, now: datetime, reason: str = "", retry_after: int | None = None) -> bool:
    """Schedule a row's next try, or give it up after the last one; return whether it waits.

    Args:
        reason: the error; empty where there was none and the row only has to wait.
        retry_after: seconds that the other side asks for.
    """
    if reason and kind.back_off.is_spent(row.attempts):
        give_up(kind, row, reason=reason, now=now)
        return False
    due_at = now + kind.back_off.wait(row.attempts, retry_after=retry_after)
    _write(kind, row, now, due_at=due_at, last_error=reason, **kind.put_off)
    return True


def give_up(kind: Kind[W], row: W, *, reason: str, now: datetime) -> None:
    """End the waiting of a row, with the reason for people to see."""
    if _write(kind, row, now, last_error=reason, **kind.given_up(now)):
        logger.error("%s %s is given up after %s attempts: %s", kind.name, row.pk, row.attempts, reason)


def release(kind: Kind[W], row: W, *, now: datetime) -> None:
    """Give a claimed row back that was not begun: it is due as it was."""
    _write(kind, row, now, due_at=vars(row)["since"], last_error=row.last_error, **kind.put_off)


def reason_for(error: BaseException) -> str:
    """Return the text of `last_error` for an exception; for our own refusals and others in words, their message."""
    if isinstance(error, DomainError):
        return error.message
    if isinstance(error, WordedError) and str(error):
        return str(error)
    return f"{type(error).__name__}: {error}".removesuffix(": ")


def _claim(kind: Kind[W], found: "QuerySet[W]", now: datetime) -> list[W]:
    meta = kind.model._meta  # noqa: SLF001 - documented
    until = now + kind.lease
    values = {"leased_until": until, "due_at": until, **kind.claimed}
    due_rows, params = found.values_list("pk", "due_at").query.sql_with_params()
    changes = [f"{_column(kind, name)} = %s" for name in values]
    statement = CLAIM.format(
        due=due_rows,
        table=f'"{meta.db_table}"',
        key=_column(kind, "pk"),
        changes=", ".join(changes),
        columns=", ".join(f'work."{column.column}"' for column in meta.concrete_fields),
    )
    return list(kind.model._default_manager.raw(statement, [*params, *values.values()]))  # noqa: SLF001 - documented


def _column(kind: Kind[W], name: str) -> str:
    meta = kind.model._meta  # noqa: SLF001 - documented
    column = meta.pk if name == "pk" else meta.get_field(name)
    return f'"{column.column}"'  # type: ignore[union-attr]


def _write(kind: Kind[W], row: W, now: datetime, **changes: Any) -> bool:
    """Change a row that waits, unless another worker has leased it."""
    column: Any = kind.model._meta.get_field("last_error")  # noqa: SLF001 - documented
    changes["last_error"] = storable(changes["last_error"], longest=column.max_length or LONGEST_REASON)
    mine = kind.model._default_manager.filter(kind.waiting(now), pk=row.pk, leased_until=row.leased_until)  # noqa: SLF001 - documented
    return mine.update(leased_until=None, **changes) == 1


def storable(reason: str, *, longest: int = LONGEST_REASON) -> str:
    """Return a reason in a form that the database can store, cut to a length."""
    return reason.replace("\x00", "").encode("utf-8", "backslashreplace").decode()[:longest]
