"""Recognising a process by its command line."""

from __future__ import annotations

from pathlib import Path

import pytest

from runtime import processes


def test_a_command_line_that_is_empty_for_a_moment_is_read_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """While a process starts another program, the kernel shows no words for it."""
    answers = [b"", b"", b"valkey-server\0/data/redis.sock\0"]
    monkeypatch.setattr(processes, "ON_LINUX", True)
    monkeypatch.setattr(processes, "_is_zombie", lambda _pid: False)
    monkeypatch.setattr(Path, "read_bytes", lambda _path: answers.pop(0))
    assert processes.command_line(1) == "valkey-server /data/redis.sock"


def test_a_process_without_words_is_not_waited_for_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "ON_LINUX", True)
    monkeypatch.setattr(processes, "_is_zombie", lambda _pid: False)
    monkeypatch.setattr(processes, "STARTING_SECONDS", 0.0)
    monkeypatch.setattr(Path, "read_bytes", lambda _path: b"")
    assert processes.command_line(1) == ""
