"""Ctrl-C ends a command with a line, also in the middle of a statement."""

from __future__ import annotations

from typing import NoReturn

import psycopg
import pytest
from django.db import Error, connection, transaction

from runtime.interrupts import INTERRUPTED, until_interrupted, was_interrupted


def interrupted_commit(session: psycopg.Connection[object]) -> NoReturn:
    session.pgconn.send_query(b"COMMIT")
    raise KeyboardInterrupt


def test_ctrl_c_in_the_middle_of_a_commit_is_known(
    live_database: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def run() -> NoReturn:
        with monkeypatch.context() as patch, transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            patch.setattr(psycopg.Connection, "commit", interrupted_commit)
        raise AssertionError

    with pytest.raises(Error) as stopped:  # the connection's complaint is what arrives
        run()
    assert was_interrupted(stopped.value)
    connection.close()

    assert until_interrupted(run) == INTERRUPTED
    assert capsys.readouterr().err == "Stopped.\n"
    connection.close()


def test_other_errors_are_no_interruption(capsys: pytest.CaptureFixture[str]) -> None:
    def run() -> NoReturn:
        raise ValueError

    with pytest.raises(ValueError, match=r"^$"):
        until_interrupted(run)
    assert capsys.readouterr().err == ""
