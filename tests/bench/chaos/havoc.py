"""Killing and stopping whatever runs, and a sandbox that answers wrongly; how long each recovery takes."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path

import httpx

from runtime import processes
from runtime.datadir import DAEMON_PID, read_json
from tests.world.market_process import MarketProcess

BETWEEN_SECONDS = (0.5, 3.0)
STOPPED_SECONDS = (0.5, 3.0)
GIVE_UP_SECONDS = 60.0
FAULT_SHARE = 0.4  # of the turns in which the sandbox is told to misbehave
FAULTS = (
    {"kind": "server_error", "times": 3},
    {"kind": "server_error", "times": 2, "status": 502},
    {"kind": "html", "times": 2},
    {"kind": "rate_limit", "times": 2},
    {"kind": "timeout", "times": 1, "seconds": 4},
    {"kind": "timeout", "times": 1, "seconds": 4, "acts": False},
    {"kind": "delay", "times": 3, "seconds": 2},
    {"kind": "duplicate", "times": 3, "count": 5},
    {"kind": "reorder", "times": 2, "seconds": 2},
    {"kind": "drop", "times": 3},
    {"kind": "bad_signature", "times": 2},
    {"kind": "wrong_amount", "times": 1, "where": "webhook"},
    {"kind": "transfer_outcome", "times": 2, "outcome": "failed"},
    {"kind": "transfer_outcome", "times": 1, "outcome": "reversed"},
    {"kind": "refund_outcome", "times": 1, "outcome": "failed"},
    {"kind": "reject_line", "times": 1},
    {"kind": "otp_on", "times": 1},
    {"kind": "not_found", "times": 2, "match": {"path": "/transfer/verify"}},
)


@dataclass(slots=True)
class Havoc:
    """Faults that were caused, and the time to recover."""

    market: MarketProcess
    sandbox: str
    chance: random.Random
    done: list[str] = field(default_factory=list)
    recoveries: list[tuple[float, str]] = field(default_factory=list)

    def go_on(self, goes_on: Callable[[], bool]) -> None:
        """Strike again and again; after each strike wait until all of it answers."""
        while goes_on():
            name, victim, number = self._choose()
            if self.chance.random() < FAULT_SHARE:
                self._misbehave()
            if not _strike(victim, number):
                continue
            if number == signal.SIGSTOP:
                time.sleep(self.chance.uniform(*STOPPED_SECONDS))
                _strike(victim, signal.SIGCONT)
            self.done.append(f"{number.name} {name}")
            self.recoveries.append((self._until_back(), f"{number.name} {name}"))
            time.sleep(self.chance.uniform(*BETWEEN_SECONDS))

    def _choose(self) -> tuple[str, int, signal.Signals]:
        name, victim = self.chance.choice(list(victims(self.market)))
        number = self.chance.choice([signal.SIGKILL, signal.SIGKILL, signal.SIGSTOP])
        return name, victim, number

    def _misbehave(self) -> None:
        with contextlib.suppress(httpx.HTTPError):
            httpx.post(f"{self.sandbox}/sandbox/faults", json=self.chance.choice(FAULTS), timeout=2)

    def _until_back(self) -> float:
        began = time.monotonic()
        while time.monotonic() - began < GIVE_UP_SECONDS:
            if is_back(self.market, self.sandbox):
                break
            time.sleep(0.05)
        return time.monotonic() - began


def is_back(market: MarketProcess, sandbox: str) -> bool:
    """Return whether pages, baskets, database, Redis, workers and the sandbox answer."""
    address = f"http://127.0.0.1:{market.port}"
    host = {"Host": f"kasuwa.localhost:{market.port}"}
    try:
        answers = [
            httpx.get(f"{address}{path}", headers=host, timeout=3) for path in ("/", "/api/v1/cart/", "/health/ready")
        ]
        answers.append(httpx.get(f"{sandbox}/health", timeout=3))
    except httpx.HTTPError:
        return False
    return all(answer.status_code == HTTPStatus.OK for answer in answers)


def victims(market: MarketProcess) -> Iterator[tuple[str, int]]:
    """Yield every process of a market that may be struck, by what it is."""
    for name, pid in market.children().items():
        yield name, pid
        for child in _children(pid):
            yield f"{name}'s process", child
    state = read_json(market.data_dir.services_state)
    for name, key in (("daemon", DAEMON_PID), ("postgres", "postgres_pid"), ("redis", "redis_pid")):
        if key in state:
            yield name, int(state[key])
    backends = _children(state.get("postgres_pid", 0))
    if backends:
        yield "a process of postgres", backends[-1]


def _children(pid: int) -> list[int]:
    found = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        with contextlib.suppress(OSError):
            found += [int(word) for word in task.read_text().split()]
    return sorted(child for child in found if processes.exists(child))


def _strike(pid: int, number: signal.Signals) -> bool:
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return False
    return True
