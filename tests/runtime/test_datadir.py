"""The data directory, its locks and secrets."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from runtime.datadir import DataDir, Lock, local_secrets, read_json
from runtime.errors import StartupError


def test_a_place_that_cannot_be_written_says_what_to_set(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StartupError, match=r"KASUWA_DATA_DIR.*DATABASE_URL"):
        DataDir(tmp_path / "file" / "data").create()


def test_it_is_private(tmp_path: Path) -> None:
    data_dir = DataDir(tmp_path / "data")
    data_dir.create()
    mode = stat.S_IMODE(data_dir.path.stat().st_mode)
    assert mode == (0o710 if os.geteuid() == 0 else 0o700)
    assert {entry.name for entry in data_dir.path.iterdir()} >= {"media", "private", "beat", "logs"}
    for entry in data_dir.path.rglob("*"):
        assert stat.S_IMODE(entry.stat().st_mode) & 0o077 == 0, entry


def test_an_existing_directory_keeps_its_permissions(tmp_path: Path) -> None:
    tmp_path.chmod(0o750)
    DataDir(tmp_path).create()
    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o750


def test_secrets_are_made_once_and_for_the_owner_alone(tmp_path: Path) -> None:
    data_dir = DataDir(tmp_path)
    first = local_secrets(data_dir)
    assert local_secrets(data_dir) == first
    assert len(first["SECRET_KEY"]) >= 50
    assert first["PAYSTACK_SECRET_KEY"].startswith("sk_test_")
    assert stat.S_IMODE(data_dir.secrets_file.stat().st_mode) == 0o600


def test_a_lock_has_one_holder(tmp_path: Path) -> None:
    first, second = Lock(tmp_path / "lock"), Lock(tmp_path / "lock")
    assert first.take()
    assert not second.take()
    first.release()
    assert second.take()
    second.release()


@pytest.mark.parametrize("content", ["", "{", "[1]", '{"cut'])
def test_a_damaged_state_file_counts_as_empty(tmp_path: Path, content: str) -> None:
    (tmp_path / "state.json").write_text(content)
    assert read_json(tmp_path / "state.json") == {}
