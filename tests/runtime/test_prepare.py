"""Bringing the database up to date, and the first start's demo data."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.db import connections

from runtime.datadir import DataDir
from runtime.up import prepare
from runtime.up import record as record_module
from runtime.up.record import Record
from tests.world.shops import drop_schema, make_shop


@pytest.fixture
def loaded(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Return the number of people after each load of the demo data."""
    calls: list[int] = []
    monkeypatch.setattr(prepare, "load_demo", lambda **_: calls.append(get_user_model().objects.count()))
    return calls


@pytest.fixture
def record(tmp_path: Path) -> Record:
    return Record.of_cluster(str(tmp_path))


def get_ready(record: Record, *, demo: bool = True, embedded: bool = True) -> None:
    connections.close_all()
    prepare.prepare(demo=demo, embedded=embedded, record=record)


def test_the_first_start_loads_the_demo_and_the_second_has_nothing_to_do(
    live_database: str, loaded: list[int], record: Record
) -> None:
    assert not record.is_current
    get_ready(record)
    assert loaded == [0]
    assert record.is_current
    assert record.has_demo


def test_an_empty_market_stays_empty_if_asked(live_database: str, loaded: list[int], record: Record) -> None:
    get_ready(record, demo=False)
    assert loaded == []
    assert record.is_current
    assert not record.has_demo


def test_demo_data_goes_only_where_nobody_has_been(
    live_database: str, make_user: Callable[..., Any], loaded: list[int], record: Record
) -> None:
    make_user("somebody@example.com")
    get_ready(record)
    assert loaded == []
    assert get_user_model().objects.count() == 1


def test_new_migrations_are_noticed(
    live_database: str, loaded: list[int], record: Record, monkeypatch: pytest.MonkeyPatch
) -> None:
    get_ready(record)
    monkeypatch.setattr(record_module, "fingerprint", lambda: "another")
    assert not record.is_current
    assert record.has_demo
    get_ready(record)
    assert record.is_current


def test_a_shop_that_cannot_be_migrated_keeps_nobody_else_from_opening(
    live_database: str, loaded: list[int], record: Record, capsys: pytest.CaptureFixture[str]
) -> None:
    get_ready(record, demo=False)
    drop_schema(make_shop("broken").schema_name)
    record.path.unlink()
    get_ready(record)
    assert "shop_broken" in capsys.readouterr().out
    assert not record.is_current, "the next start tries again"
    assert loaded == []


def test_an_interrupted_first_start_starts_over(
    live_database: str, make_user: Callable[..., Any], record: Record, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail_halfway(**_: Any) -> None:
        make_user("half@example.com")
        raise KeyboardInterrupt

    monkeypatch.setattr(prepare, "load_demo", fail_halfway)
    with pytest.raises(KeyboardInterrupt):
        get_ready(record)
    assert not record.is_current

    calls: list[int] = []
    monkeypatch.setattr(prepare, "load_demo", lambda **_: calls.append(get_user_model().objects.count()))
    get_ready(record)
    assert calls == [0]
    assert record.is_current


def test_a_database_of_somebody_elses_is_never_dropped(
    live_database: str,
    make_user: Callable[..., Any],
    loaded: list[int],
    record: Record,
    capsys: pytest.CaptureFixture[str],
) -> None:
    record.begin_demo()
    make_user("customer@example.com")
    get_ready(record, embedded=False)
    assert get_user_model().objects.count() == 1
    assert loaded == []
    assert "incomplete" in capsys.readouterr().out
    assert not record.has_demo


def test_each_address_has_a_record_of_its_own(tmp_path: Path) -> None:
    data_dir = DataDir(tmp_path)
    first, second = (Record.of_address(data_dir, f"postgres://here/{name}") for name in ("one", "two"))
    first.begin_demo()
    assert first.is_interrupted
    assert not second.is_interrupted
