"""Commands that get a database, and its source."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator, Sequence
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


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("replay x --data-dir /elsewhere", ("replay x", "/elsewhere")),
        ("dbshell --data-dir=/elsewhere", ("dbshell", "/elsewhere")),
        ("--data-dir /elsewhere shops status --all", ("shops status --all", "/elsewhere")),
        ("listings --data-dir /elsewhere verify", ("listings verify", "/elsewhere")),
        ("shops status --data-dir=/first --data-dir /last", ("shops status", "/last")),
        ("dbshell --data-dir /elsewhere -- -c x", ("dbshell -- -c x", "/elsewhere")),
        ("dbshell -- --data-dir /psql", ("dbshell -- --data-dir /psql", "")),
        ("shops status --data-dir", ("shops status --data-dir", "")),
    ],
)
def test_every_command_takes_a_data_directory_that_is_known_before_settings_are_read(
    ran: list[tuple[str, bool]], words: str, expected: tuple[str, str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    told = os.environ
    seen: list[tuple[str, str]] = []
    monkeypatch.setattr(entry, "_execute", lambda rest: seen.append((" ".join(rest[1:]), told["KASUWA_DATA_DIR"])))
    entry.main(["manage.py", *words.split()])
    left, data_dir = expected
    assert seen == [(left, data_dir or str(tmp_path))]


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


@pytest.fixture
def _own_garbage() -> Iterator[None]:
    """Give the tests' own process back what it has."""
    kept, is_frozen = gc.get_threshold(), gc.get_freeze_count() > 0
    gc.unfreeze()
    yield
    gc.set_threshold(*kept)
    (gc.freeze if is_frozen else gc.unfreeze)()


@pytest.mark.usefixtures("_own_garbage")
def test_a_command_walks_what_it_has_loaded_neither_again_and_again_nor_at_its_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    during: list[int] = []

    def ends(argv: Sequence[str]) -> int:
        during.append(gc.get_threshold()[0])
        raise SystemExit(len(argv))

    monkeypatch.setattr(entry, "main", ends)
    gc.set_threshold(700)
    assert gc.get_freeze_count() == 0
    with pytest.raises(SystemExit, match="2"):
        entry.run(["manage.py", "check"])
    assert during == [50_000]
    assert gc.get_freeze_count() > 0
