"""Detection of a pooler between us and PostgreSQL that shares sessions among connections.

A pooler in transaction mode (PgBouncer's, for one) hands each transaction to whichever server connection is free. What
was set for a session, the search path above all, then applies to another client: a shop would read another's rows.
PgBouncer may carry the search path along (`track_extra_parameters = search_path`, which needs PostgreSQL 18); a role it
cannot.
"""

from enum import Enum
from functools import cache
from typing import Any, cast

import psycopg
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connection

from tenants.database.roles import roles_are_on

ROUNDS = 6
ASK = "SELECT pg_backend_pid(), current_setting('search_path')"


class Pooling(Enum):
    """Kind of the pooler between us and the server."""

    NONE = "nothing that shares sessions"
    TRACKED = "a pooler that carries the search path along"
    UNTRACKED = "a pooler that mixes up the search paths of its clients"


UNTRACKED = (
    "The database is behind a pooler that mixes up its clients' search paths, so one shop would read another's rows. "
    "With PgBouncer, use session pooling, or set track_extra_parameters = search_path on PostgreSQL 18 or newer."
)
ROLE_LOST = (
    "The database is behind a pooler in transaction mode, which cannot carry the shops' database roles along. Use "
    "session pooling, or set SHOP_ROLES=off and lose the second wall between shops."
)


PLANS_LOST = (
    "The database is behind a pooler in transaction mode, which loses what was prepared. Set DB_PREPARED_STATEMENTS=0."
)


def probe_pooling(**parameters: Any) -> Pooling:
    """Detect a pooler with two connections that each set a search path and then read it."""
    with (
        psycopg.connect(**parameters, autocommit=True, prepare_threshold=None) as one,
        psycopg.connect(**parameters, autocommit=True, prepare_threshold=None) as two,
    ):
        one.execute("SET search_path = kasuwa_probe_one")
        two.execute("SET search_path = kasuwa_probe_two")
        servers: dict[str, set[int]] = {"kasuwa_probe_one": set(), "kasuwa_probe_two": set()}
        for _ in range(ROUNDS):
            for client, path in zip((one, two), servers, strict=True):
                pid, found = cast("tuple[int, str]", client.execute(ASK).fetchone())
                if found != path:
                    return Pooling.UNTRACKED
                servers[path].add(pid)
    first, second = servers.values()
    is_direct = len(first) == len(second) == 1 and first != second
    return Pooling.NONE if is_direct else Pooling.TRACKED


def pooling_problem(pooling: Pooling) -> str:
    """Return the reason why the market cannot run behind this pooler, or an empty text."""
    if pooling is Pooling.UNTRACKED:
        return UNTRACKED
    if pooling is Pooling.NONE:
        return ""
    return ROLE_LOST if roles_are_on() else PLANS_LOST if settings.PREPARED_STATEMENTS else ""


def probe_here() -> Pooling:
    """Probe the database that is configured.

    Raises:
        psycopg.OperationalError: it cannot be reached.
    """
    parameters = cast("Any", connection).get_connection_params()
    return probe_pooling(**{name: value for name, value in parameters.items() if name not in _OURS})


def refuse_unsafe_pooling() -> None:
    """Let nothing be served behind a pooler that mixes up sessions; looks once in a process.

    Raises:
        ImproperlyConfigured: it does.
    """
    try:
        problem = _problem_of(str(settings.DATABASES["default"].get("HOST")))
    except psycopg.OperationalError:
        return  # a missing server cannot mix sessions up; its users will report it
    if problem:
        raise ImproperlyConfigured(problem)


@cache
def _problem_of(_host: str) -> str:
    return pooling_problem(probe_here())


_OURS = frozenset({"context", "cursor_factory", "prepare_threshold"})
