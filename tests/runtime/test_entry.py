"""Commands that get a database, and its source."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from runtime import entry
from runtime.datadir import DataDir


@pytest.fixture
def ran(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[tuple[str, bool]]:
    """Commands that were executed, and whether they had services."""
    executed: list[tuple[str, bool]] = []
    held: list[DataDir] = []

    @contextmanager
    def services(data_dir: DataDir) -> Iterator[None]:
        held.append(data_dir)
        yield
        held.remove(data_dir)

    monkeypatch.setenv("KASUWA_DATA_DIR", str(tmp_path))
    monkeypatch.setattr(entry, "services", services)
    monkeypatch.setattr(entry, "_execute", lambda words: executed.append((" ".join(words[1:]), bool(held))))
    return executed


@pytest.mark.parametrize(
    "words",
    ["", "help", "help up", "version", "--version", "check", "spectacular", "collectstatic", "migrate --help", "up -h"],
)
def test_these_start_nothing(ran: list[tuple[str, bool]], words: str) -> None:
    assert entry.main(["manage.py", *words.split()]) == 0
    assert ran == [(words, False)]


@pytest.mark.parametrize("words", ["migrate", "shell", "audit_money", "replay x", "check --database default"])
def test_these_have_services(ran: list[tuple[str, bool]], words: str) -> None:
    assert entry.main(["manage.py", *words.split()]) == 0
    assert ran == [(words, True)]


@pytest.mark.parametrize("words", [["--data-dir", "/elsewhere"], ["--data-dir=/elsewhere"]])
def test_the_data_directory_is_known_before_settings_are_read(
    ran: list[tuple[str, bool]], words: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str] = []
    monkeypatch.setattr(entry, "_execute", lambda _: seen.append(os.environ["KASUWA_DATA_DIR"]))
    entry.main(["manage.py", "replay", "x", *words])
    assert seen == ["/elsewhere"]


def test_addresses_that_are_given_start_nothing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://there/it")
    monkeypatch.setenv("REDIS_URL", "redis://there")
    with entry.services(DataDir(tmp_path / "never")):
        assert os.environ["DATABASE_URL"] == "postgres://there/it"
    assert not (tmp_path / "never").exists()


def test_production_never_falls_back_to_embedded_services(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "config.settings.production")
    with entry.services(DataDir(tmp_path / "never")):
        assert "DATABASE_URL" not in os.environ
    assert not (tmp_path / "never").exists()
