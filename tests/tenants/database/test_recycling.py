"""A pool replaces a connection whose PostgreSQL process has grown: it forgets nothing that it has met."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection, transaction

from tenants.database import recycling

USES = 3


@pytest.fixture
def pooled(live_database: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The test's database through a pool of one connection, as in every environment but that of tests."""
    connection.close()
    monkeypatch.setattr(recycling, "LOOKED_AT_EVERY", USES)
    pool: dict[str, Any] = {"min_size": 1, "max_size": 1, "timeout": 10}
    monkeypatch.setitem(connection.settings_dict["OPTIONS"], "pool", pool)
    yield
    connection.close()
    connection.close_pool()  # type: ignore[attr-defined]


def serve() -> int:
    """Do what a request does, and return the server's process."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        pid = int(cursor.fetchone()[0])
    recycling.return_connection()
    return pid


@pytest.mark.usefixtures("pooled")
def test_a_connection_stays_while_it_holds_little() -> None:
    assert len({serve() for _ in range(3 * USES)}) == 1


@pytest.mark.usefixtures("pooled")
@pytest.mark.parametrize("asked", ["SELECT 100000000", "SELECT count(*) FROM nowhere"])
def test_one_that_holds_much_or_may_not_say_is_replaced(monkeypatch: pytest.MonkeyPatch, asked: str) -> None:
    monkeypatch.setattr(recycling, "HELD", asked)
    servers = [serve() for _ in range(3 * USES)]
    assert servers == [pid for pid in dict.fromkeys(servers) for _ in range(USES)]
    assert len(set(servers)) == 3


@pytest.mark.usefixtures("pooled")
def test_a_connection_is_never_taken_from_a_transaction() -> None:
    with transaction.atomic():
        servers = {serve() for _ in range(2 * USES)}
    assert len(servers) == 1
