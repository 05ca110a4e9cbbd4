"""A connection that is taken from the pool is in the state that Django's own way would leave it in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection, connections, transaction
from django.db.backends.signals import connection_created
from django_tenants.postgresql_backend.base import DatabaseWrapper as TenantsWrapper

pytestmark = pytest.mark.usefixtures("pooled")
# The connection itself, and moments.
OTHERS = {"connection", "close_at", "savepoint_state", "queries_log"}


@pytest.fixture
def pooled(live_database: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The test's database through an open pool of one connection."""
    connection.close()
    pool: dict[str, Any] = {"min_size": 1, "max_size": 1, "timeout": 10}
    monkeypatch.setitem(connection.settings_dict["OPTIONS"], "pool", pool)
    connection.connect()
    connection.close()
    yield
    connection.close()
    connection.close_pool()  # type: ignore[attr-defined]


def state() -> dict[str, Any]:
    here = connections["default"]
    return {name: value for name, value in vars(here).items() if name not in OTHERS} | {
        "is_autocommit": here.connection.autocommit,
        "has_end": here.close_at is not None,
    }


def dirty() -> None:
    """Leave behind what a request that was cut off in the middle of a transaction leaves."""
    here: Any = connections["default"]
    here.connection = None
    here.in_atomic_block = here.needs_rollback = here.closed_in_transaction = here.errors_occurred = True
    here.savepoint_ids, here.atomic_blocks, here.run_on_commit = (
        ["one"],
        [transaction.atomic()],
        [(set(), print, False)],
    )
    here.autocommit = here.health_check_done = False


def test_it_is_as_django_leaves_it() -> None:
    dirty()
    TenantsWrapper.connect(connections["default"])
    django = state()
    connection.close()
    dirty()
    connection.connect()
    assert state() == django
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    with transaction.atomic():
        pass


def test_it_takes_the_same_connection_and_tells_of_it_once() -> None:
    told: list[Any] = []

    def tell(connection: Any, **_: Any) -> None:
        told.append(connection.connection)

    connection_created.connect(tell)
    try:
        for _ in range(3):
            connection.connect()
            last = connection.connection
            connection.close()
    finally:
        connection_created.disconnect(tell)
    assert told in ([], [last])


def test_a_connection_that_comes_back_within_a_transaction_commits_by_itself_again() -> None:
    connection.connect()
    connection.set_autocommit(False)
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    connection.close()
    connection.connect()
    assert connection.autocommit
    assert connection.connection.autocommit
