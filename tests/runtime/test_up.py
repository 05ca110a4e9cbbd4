"""`manage.py up`, run as a person would."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from runtime import processes
from runtime.datadir import DAEMON_PID, DataDir, read_json
from tests.world.live_site import free_port
from tests.world.market_process import MarketProcess, command, environment, fresh_data_dir
from tests.world.migrated_market import migrated_data_dir

MIGRATED = "migrated"


@pytest.fixture
def data_dir(request: pytest.FixtureRequest) -> Iterator[DataDir]:
    """An empty one, or that of a market which has been started before."""
    with migrated_data_dir() if getattr(request, "param", "") == MIGRATED else fresh_data_dir() as fresh:
        yield fresh


@pytest.fixture
def open_market(data_dir: DataDir) -> Iterator[Callable[[], MarketProcess]]:
    opened: list[MarketProcess] = []

    def start() -> MarketProcess:
        ports = (opened[0].port, free_port()) if opened else (free_port(), free_port())
        opened.append(MarketProcess(data_dir, *ports, "--no-demo"))
        return opened[-1]

    yield start
    for market in opened:
        market.end(signal.SIGTERM)


def test_a_day_at_the_market(open_market: Callable[[], MarketProcess], data_dir: DataDir) -> None:
    """Start, a second start, a crashed worker, a killed parent, a new start, Ctrl-C."""
    market = open_market()
    market.wait_for_banner()
    assert "\x1b[" not in market.output
    assert f"http://kasuwa.localhost:{market.port}/" in market.output
    answer = httpx.get(f"http://127.0.0.1:{market.port}/health/ready").json()
    assert answer["status"] == "ok"
    assert {"database", "redis", "worker", "migrations"} <= set(answer["checks"])

    second = subprocess.run(command("up"), env=environment(data_dir), capture_output=True, text=True, check=False)
    assert second.returncode == 1
    assert f"process {market.process.pid}" in second.stderr
    assert f":{market.port}" in second.stderr

    shell = command("shell", "-v0", "-c", "from django.conf import settings as s; print(s.PORT, s.PAYSTACK_BASE_URL)")
    beside = subprocess.run(shell, env=environment(data_dir), capture_output=True, text=True, check=True)
    assert beside.stdout.split()[0] == str(market.port)
    assert httpx.get(f"{beside.stdout.split()[1]}/health").status_code == 200

    crashed = market.children()["beat"]
    os.kill(crashed, signal.SIGKILL)
    market.wait_for("beat was ended by signal 9; starting it again")

    left_over = market.everyone()
    market.end(signal.SIGKILL)
    again = open_market()
    again.wait_for_banner()
    assert not any(processes.exists(pid) for pid in left_over if pid != crashed)

    everyone = again.everyone()
    started = time.monotonic()
    assert again.end(signal.SIGINT) == 0
    assert time.monotonic() - started < 10  # five on a machine that does nothing else
    assert not any(processes.exists(pid) for pid in everyone)
    assert "Kasuwa is closed" in again.output


@pytest.mark.parametrize("option", ["--port", "--sandbox-port"])
def test_a_taken_port_is_a_clear_refusal(data_dir: DataDir, option: str) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        words = {"--port": str(free_port()), "--sandbox-port": str(free_port()), option: str(port)}
        answer = subprocess.run(
            command("up", *(word for pair in words.items() for word in pair)),
            env=environment(data_dir),
            capture_output=True,
            text=True,
            check=False,
        )
    assert answer.returncode == 1
    assert str(port) in answer.stderr
    assert option in answer.stderr
    assert "Traceback" not in answer.stderr
    assert not (data_dir.path / "postgres").exists()


def test_a_command_has_services_for_its_own_duration(data_dir: DataDir) -> None:
    statement = (
        "import json; from django.db import connection as c; from django.core.cache import cache;"
        "k = c.cursor(); k.execute('SELECT 40 + 2'); cache.set('a', 1);"
        "from runtime.datadir import DataDir, read_json; state = read_json(DataDir.resolve().services_state);"
        "print(json.dumps([k.fetchone()[0], cache.get('a'), state['postgres_pid'], state['redis_pid']]))"
    )
    shell = command("shell", "-v0", "-c", statement)
    answer = subprocess.run(shell, env=environment(data_dir), capture_output=True, text=True, check=True)
    found, cached, *pids = json.loads(answer.stdout)
    assert (found, cached) == (42, 1)
    assert not any(processes.exists(pid) for pid in pids)
    assert answer.stderr == ""


@pytest.mark.parametrize("words", [["help"], ["up", "--help"], ["--version"], ["check"]], ids=" ".join)
def test_these_commands_touch_no_data(data_dir: DataDir, words: list[str]) -> None:
    answer = subprocess.run(command(*words), env=environment(data_dir), capture_output=True, text=True, check=False)
    assert answer.returncode == 0, answer.stderr
    assert not data_dir.path.exists()
    if words[0] == "help":
        assert "\n    up\n" in answer.stdout


def test_production_is_not_for_up(data_dir: DataDir) -> None:
    settings = environment(data_dir) | {"DJANGO_SETTINGS_MODULE": "config.settings.production"}
    answer = subprocess.run(command("up"), env=settings, capture_output=True, text=True, check=False)
    assert answer.returncode == 1
    assert "docs/operations.md" in answer.stderr


@pytest.mark.parametrize("data_dir", [MIGRATED], indirect=True)
def test_the_market_goes_on_after_its_daemon_and_its_servers_were_killed(
    open_market: Callable[[], MarketProcess], data_dir: DataDir, eventually: Callable[..., Any]
) -> None:
    """PostgreSQL, Redis, their daemon, and everything that serves: all are started again by `up` itself."""
    market = open_market()
    market.wait_for_banner()

    def is_ready() -> bool:
        with contextlib.suppress(httpx.HTTPError):
            return httpx.get(f"http://127.0.0.1:{market.port}/health/ready", timeout=10).status_code == 200
        return False

    daemon = read_json(data_dir.services_state)[DAEMON_PID]
    for number in (signal.SIGKILL, signal.SIGTERM):
        os.kill(daemon, number)
        market.wait_for("the service daemon of PostgreSQL and Redis has ended; starting it again")
        eventually(lambda gone=daemon: read_json(data_dir.services_state).get(DAEMON_PID, gone) != gone)
        eventually(is_ready)
        daemon = read_json(data_dir.services_state)[DAEMON_PID]
    for name in ("web", "worker", "bulk", "beat", "paystack"):
        os.kill(market.children()[name], signal.SIGKILL)
    eventually(is_ready)
    assert market.process.poll() is None
    assert "Traceback" not in "\n".join(line for line in market.lines if line.startswith("kasuwa"))


@pytest.mark.parametrize("data_dir", [MIGRATED], indirect=True)
def test_up_ends_with_a_clear_word_where_its_servers_cannot_be_started_again(
    open_market: Callable[[], MarketProcess], data_dir: DataDir
) -> None:
    market = open_market()
    market.wait_for_banner()
    state = read_json(data_dir.services_state)
    (Path(state["cluster"]) / "postgresql.conf").write_text("shared_buffers = none\n")
    os.kill(state[DAEMON_PID], signal.SIGKILL)
    assert market.process.wait(timeout=300) == 1
    market.end()
    assert "The embedded PostgreSQL did not start" in market.output
    assert "invalid value for parameter" in market.output
    assert not any(processes.exists(pid) for pid in (state["postgres_pid"], state["redis_pid"]))
