"""Database timeouts by kind of process: short for web requests, none for migrations.

The limits travel with the connection's start-up packet, so they cost no round trip. A process declares its kind before
it opens its first connection; without a kind it has no limits.
"""

from enum import Enum
from typing import Any

import psycopg
from django.conf import settings
from django.db import Error, InterfaceError, OperationalError
from django.utils.translation import gettext_lazy
from redis.exceptions import RedisError

from kit.errors import BusyError

BUSY_RETRY_SECONDS = "2"
LONGEST_POOL_SECONDS = 10
CUT_SHORT = (
    psycopg.errors.QueryCanceled,
    psycopg.errors.IdleInTransactionSessionTimeout,
    psycopg.errors.LockNotAvailable,
)
# Errors of a statement or a command on restarting, killed or hanging servers, and of a pool without a connection.
UNREACHABLE = (OperationalError, InterfaceError, psycopg.OperationalError, psycopg.InterfaceError, RedisError)


class Process(Enum):
    """Kind of a process."""

    WEB = "web"
    JOBS = "jobs"
    COMMAND = "command"
    MIGRATION = "migration"


# How long a process waits for a connection of its pool; a request is told "later" before its browser gives up.
POOL_SECONDS = {Process.WEB: 3}


class UnreachableError(BusyError):
    """The database, or Redis, does not answer."""

    code = "unavailable"
    default_message = gettext_lazy(
        "A part of the market does not answer right now. Nothing was lost; please try again in a few seconds."
    )


class TooSlowError(BusyError):
    """The database ended a request's statement because of its timeout."""

    code = "too_slow"
    default_message = gettext_lazy(
        "This took longer than we allow, so we stopped it. Please try again in a few seconds."
    )


def limit_statements(process: Process) -> None:
    """Give the connections that this process opens from now on the limits of its kind.

    A connection's own `options`, from DATABASE_URL, are kept.
    """
    database: dict[str, Any] = settings.DATABASES["default"]["OPTIONS"]
    own = [part for part in str(database.get("options", "")).split("-c ") if part and "_timeout=" not in part]
    limits = settings.STATEMENT_LIMITS_MS.get(process.value)
    if limits is not None:
        statement, idle = limits
        own += [f"statement_timeout={statement}", f"idle_in_transaction_session_timeout={idle}"]
        if process is Process.WEB:
            own.append(_lock_limit(settings.CHECKOUT_LOCK_TIMEOUT_MS))
    if "pool" in database:
        database["pool"] = {**database["pool"], "timeout": POOL_SECONDS.get(process, LONGEST_POOL_SECONDS)}
    database["options"] = " ".join(f"-c {part.strip()}" for part in own)


def has_lock_limit(milliseconds: int) -> bool:
    """Return whether this process's connections have a lock timeout that is no longer than this one."""
    return _lock_limit(milliseconds) in str(settings.DATABASES["default"]["OPTIONS"].get("options", "")).split()


def _lock_limit(milliseconds: int) -> str:
    return f"lock_timeout={milliseconds}"


def is_cut_short(error: BaseException | None) -> bool:
    """Return whether the database ended a statement because of a timeout."""
    return isinstance(error, Error) and isinstance(error.__cause__, CUT_SHORT)


def as_busy(error: BaseException | None) -> BusyError | None:
    """Return the refusal for an error that means "try later", else None."""
    if isinstance(error, BusyError):
        return error
    if is_cut_short(error):
        return TooSlowError()
    return UnreachableError() if isinstance(error, UNREACHABLE) else None
