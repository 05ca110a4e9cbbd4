"""Many short transactions read one moment, and none keeps the locks of those before it."""

from __future__ import annotations

from collections.abc import Callable
from threading import Barrier
from typing import Any

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction

from kit.db import pipeline, snapshots
from kit.db.pipeline import Query
from tenants.database.base import DatabaseWrapper
from tests.runtime_plugin import database_url
from tests.world.market import open_shop

TABLE = "shop_indigo_fabrics.catalogue_product"
COUNT = Query(f"SELECT count(*) FROM {TABLE}", (), lambda rows: rows[0][0])
HELD = "SELECT count(*) FROM pg_locks WHERE relation = %s::regclass"
ADD = (
    f"INSERT INTO {TABLE} (id, title, slug, description, brand, status, created_at, updated_at)"
    " VALUES (gen_random_uuid(), 'T', 't', '', '', 'draft', now(), now())"
)
Elsewhere = Callable[..., Any]


@pytest.fixture
def elsewhere(live_database: str) -> Elsewhere:
    """Run a statement on a connection of its own, and commit it."""

    def run(statement: str, *params: object) -> Any:
        with psycopg.connect(database_url(live_database), autocommit=True) as other:
            done = other.execute(statement, params)
            row = done.fetchone() if done.description else None
            return row[0] if row else None

    return run


def test_all_trips_read_the_same_moment_and_hold_nothing(elsewhere: Elsewhere, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(snapshots, "ROUND_TRIPS_PER_CONNECTION", 2)
    open_shop("indigo-fabrics")
    with snapshots.one_moment():
        for _ in range(5):
            elsewhere(ADD)
            assert snapshots.ask_all([COUNT]) == [0]
            assert elsewhere(HELD, TABLE) == 0
    assert snapshots.ask_all([COUNT]) == [5]


def test_one_transaction_keeps_them(elsewhere: Elsewhere) -> None:
    open_shop("indigo-fabrics")
    with transaction.atomic():
        pipeline.ask_all([COUNT])
        assert elsewhere(HELD, TABLE) == 1


def test_inside_somebody_s_transaction_its_own_rows_are_seen(elsewhere: Elsewhere) -> None:
    open_shop("indigo-fabrics")
    with transaction.atomic():
        pipeline.ask_all([Query(ADD, (), pipeline.written)])
        with snapshots.one_moment():
            assert snapshots.ask_all([COUNT]) == [1]


def test_a_shop_s_role_takes_no_snapshot_and_sees_no_other_shop_by_one(elsewhere: Elsewhere) -> None:
    shop = open_shop("indigo-fabrics")
    here: Any = connection
    here.set_role(shop.pk)
    try:
        with pytest.raises(DatabaseError), snapshots.one_moment():
            pytest.fail("A shop's role has taken a snapshot.")
    finally:
        here.set_role(None)


def test_batches_are_read_at_once_in_order_and_from_one_moment(
    elsewhere: Elsewhere, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(snapshots, "ROUND_TRIPS_PER_CONNECTION", 2)
    open_shop("indigo-fabrics")
    together = Barrier(snapshots.READERS)

    def numbered(number: int) -> Query[tuple[int, int]]:
        def read(rows: pipeline.Rows) -> tuple[int, int]:
            together.wait(timeout=60)  # each reader has a batch of its own
            return number, rows[0][0]

        return Query(COUNT.text, (), read)

    with snapshots.one_moment():
        elsewhere(ADD)
        found = list(snapshots.ask_each([numbered(number)] for number in range(8)))
        assert elsewhere(HELD, TABLE) == 0
    assert found == [[(number, 0)] for number in range(8)]


def test_a_reader_ends_its_server_process_and_returns_it_to_no_pool(
    elsewhere: Elsewhere, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The process remembers every table that it has met; a pool would hand it out again."""
    monkeypatch.setattr(snapshots, "ROUND_TRIPS_PER_CONNECTION", 2)
    open_shop("indigo-fabrics")
    raw: list[Any] = []
    close = DatabaseWrapper.close

    def close_and_note(self: Any) -> None:
        raw.append(self.connection)
        close(self)

    monkeypatch.setattr(DatabaseWrapper, "close", close_and_note)
    with snapshots.one_moment():
        for _ in range(5):
            snapshots.ask_all([COUNT])
    replaced = [connection for connection in raw if connection is not None]
    assert len(replaced) == 3
    assert all(connection._expire_at == 0.0 for connection in replaced)
