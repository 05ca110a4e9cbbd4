"""A server that stops is given the time that its checkpoint takes; one that hangs is not."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Thread

import pytest

from runtime import postgres, postgres_home, processes
from runtime.datadir import DataDir
from runtime.postgres import Postgres
from runtime.socket_dir import socket_dir
from tests.world.market_process import fresh_data_dir

HANGING_SECONDS = 0.5
# Ends a moment after it is told to, with 0; with 3 where it is told to at once.
LATE = """
import os, signal
signal.signal(signal.SIGQUIT, lambda *_: os._exit(3))
signal.signal(signal.SIGALRM, lambda *_: os._exit(0))
signal.signal(signal.SIGINT, lambda *_: signal.setitimer(signal.ITIMER_REAL, 0.3))
print("ready", flush=True)
while True:
    signal.pause()
"""
IMMEDIATE = "immediate shutdown request"
pytestmark = pytest.mark.skipif(not processes.ON_LINUX, reason="processes are looked up in /proc")


@pytest.fixture
def data_dir() -> Iterator[DataDir]:
    with fresh_data_dir() as fresh:
        fresh.create()
        yield fresh


@pytest.fixture
def server(data_dir: DataDir, monkeypatch: pytest.MonkeyPatch, eventually: Callable[..., object]) -> Iterator[Postgres]:
    """A server that is durable, as the market's is."""
    monkeypatch.setattr(postgres, "STOP_SECONDS", HANGING_SECONDS)
    home = postgres_home.settle(data_dir, say=lambda _: None)
    sockets = socket_dir(earlier=None, account=home.account)
    made = Postgres(data_dir, home, socket_dir=sockets / "pg", fast=False)
    made.start()
    eventually(made.is_ready, timeout=60)
    yield made
    for pid in processes.working_in(made.cluster.resolve(), name="postgres"):
        os.kill(pid, signal.SIGKILL)
    shutil.rmtree(sockets, ignore_errors=True)


def part(cluster: Path, title: str) -> int:
    """The process of a server that has this in its title."""
    pids = processes.working_in(cluster.resolve(), name="postgres")
    return next(pid for pid in pids if title in processes.command_line(pid))


def test_a_checkpoint_that_takes_long_is_waited_for(
    server: Postgres, data_dir: DataDir, eventually: Callable[..., object]
) -> None:
    writer = part(server.cluster, "checkpointer")
    os.kill(writer, signal.SIGSTOP)
    stopping = Thread(target=server.stop)
    stopping.start()
    try:
        stopping.join(timeout=8 * HANGING_SECONDS)
        assert stopping.is_alive()
    finally:
        os.kill(writer, signal.SIGCONT)
    stopping.join(timeout=30)
    assert not stopping.is_alive()
    log = data_dir.postgres_log.read_text()
    assert IMMEDIATE not in log
    assert "database system is shut down" in log


def test_a_server_whose_last_child_has_just_ended_is_waited_for(
    data_dir: DataDir, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its checkpoint is done between the wait for it and the look at what is left of it."""
    monkeypatch.setattr(postgres, "STOP_SECONDS", 0.01)
    made = Postgres(data_dir, postgres_home.settle(data_dir, say=lambda _: None), socket_dir=tmp_path, fast=False)
    late = made.process = subprocess.Popen([sys.executable, "-c", LATE], stdout=subprocess.PIPE)
    with late:
        assert late.stdout is not None
        late.stdout.readline()
        monkeypatch.setattr(made, "_only_writes", lambda: monkeypatch.setattr(postgres, "STOP_SECONDS", 60.0))
        made.stop()
    assert late.returncode == 0


def test_a_server_that_hangs_is_ended(server: Postgres, data_dir: DataDir) -> None:
    os.kill(part(server.cluster, "walwriter"), signal.SIGSTOP)
    stopping = Thread(target=server.stop)
    stopping.start()
    stopping.join(timeout=50 * HANGING_SECONDS)
    assert not stopping.is_alive()
    assert IMMEDIATE in data_dir.postgres_log.read_text()
