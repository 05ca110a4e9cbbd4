"""A closed loop of HTTP clients in a process of its own: each asks, waits for the answer, and asks again.

`python -m tests.bench.core.load` reads what to do from standard input and writes what it saw to standard
output, both as JSON. Raw sockets and one selector: a request costs this process a few dozen microseconds of
processor time, which the result states (`cpu_us_per_request`).
"""

from __future__ import annotations

import contextlib
import importlib
import json
import random
import resource
import selectors
import socket
import sys
import time
from collections import Counter
from collections.abc import Generator
from dataclasses import dataclass, field
from typing import Any

from tests.bench.core.results import percentiles

END_OF_HEAD = b"\r\n\r\n"
TIMEOUT_SECONDS = 30.0

Asked = tuple[str, bytes]


@dataclass(slots=True)
class Answer:
    """An answer as it came."""

    status: int
    head: bytes
    body: bytes

    def header(self, name: bytes) -> str:
        """A header's value; `name` in lower case."""
        for line in self.head.split(b"\r\n")[1:]:
            key, _, value = line.partition(b":")
            if key.strip().lower() == name:
                return value.strip().decode()
        return ""


Scenario = Generator[Asked, Answer, str]


@dataclass(slots=True)
class Tally:
    """Counts of a load."""

    operations: Counter[str] = field(default_factory=Counter)
    statuses: Counter[str] = field(default_factory=Counter)
    latencies: dict[str, list[float]] = field(default_factory=dict)
    samples: list[str] = field(default_factory=list)

    def answered(self, label: str, answer: Answer, seconds: float) -> None:
        self.statuses[f"{label} {answer.status}"] += 1
        self.latencies.setdefault(label, []).append(seconds * 1000)
        if answer.status >= 400 and len(self.samples) < 3:
            self.samples.append(f"{label} {answer.status}: {answer.body[:300].decode(errors='replace')}")

    def finished(self, outcome: str, seconds: float) -> None:
        self.operations[outcome] += 1
        self.latencies.setdefault(outcome, []).append(seconds * 1000)


class Client:
    """One buyer after another, on one connection or a new one for each request."""

    def __init__(self, loop: Loop, number: int) -> None:
        self._loop = loop
        self._random = random.Random(f"{loop.seed}:{number}")
        self._socket: socket.socket | None = None
        self._received = b""
        self._label = ""
        self._asked_at = self._began_at = 0.0

    def begin(self) -> None:
        """Start the next operation, or end when there is nothing more to do."""
        if not self._loop.goes_on():
            self.close()
            return
        self._scenario: Scenario = self._loop.scenario(self._random, self._loop.arguments)
        self._began_at = time.perf_counter()
        self._ask(next(self._scenario))

    def readable(self) -> None:
        """Take what has come; when the answer is whole, go on."""
        assert self._socket is not None
        part = self._socket.recv(262_144)
        if not part:
            raise ConnectionError("The server closed the connection before its answer was whole.")
        self._received += part
        answer = whole_answer(self._received)
        if answer is None:
            return
        now = time.perf_counter()
        self._loop.tally.answered(self._label, answer, now - self._asked_at)
        if not self._loop.reuse or b"connection: close" in answer.head.lower():
            self.close()
        try:
            request = self._scenario.send(answer)
        except StopIteration as end:
            self._loop.tally.finished(str(end.value), now - self._began_at)
            self.begin()
        else:
            self._ask(request)

    def close(self) -> None:
        if self._socket is not None:
            self._loop.selector.unregister(self._socket)
            self._socket.close()
            self._socket = None

    def _ask(self, request: Asked) -> None:
        self._label, content = request
        self._received = b""
        self._asked_at = time.perf_counter()
        if self._socket is None:
            self._socket = socket.create_connection(("127.0.0.1", self._loop.port), timeout=TIMEOUT_SECONDS)
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._loop.selector.register(self._socket, selectors.EVENT_READ, self)
        self._socket.sendall(content)


def whole_answer(received: bytes) -> Answer | None:
    """Cut an answer out of what was received, or None while a part is missing."""
    end = received.find(END_OF_HEAD)
    if end < 0:
        return None
    head = received[:end]
    lower = head.lower()
    at = lower.find(b"content-length:")
    if at >= 0:
        length = int(lower[at + 15 :].split(b"\r\n", 1)[0])
        if len(received) - end - 4 < length:
            return None
    elif b"transfer-encoding: chunked" in lower and not received.endswith(b"0\r\n\r\n"):
        return None
    return Answer(int(received[9:12]), head, received[end + 4 :])


@dataclass(slots=True)
class Loop:
    """All clients of one run."""

    port: int
    clients: int
    scenario: Any
    arguments: dict[str, Any]
    seconds: float | None
    operations: int | None
    reuse: bool
    seed: str
    tally: Tally = field(default_factory=Tally)
    selector: selectors.BaseSelector = field(default_factory=selectors.DefaultSelector)
    _started: int = 0
    _deadline: float = 0.0

    def goes_on(self) -> bool:
        """Return whether another operation is to be started; counts it."""
        if self.operations is not None and self._started >= self.operations:
            return False
        if self.seconds is not None and time.perf_counter() >= self._deadline:
            return False
        self._started += 1
        return True

    def run(self) -> dict[str, Any]:
        """Do it, and say what came of it."""
        began, used = time.perf_counter(), _own_cpu()
        self._deadline = began + (self.seconds or 0)
        for number in range(self.clients):
            Client(self, number).begin()
        while self.selector.get_map():
            ready = self.selector.select(TIMEOUT_SECONDS)
            if not ready:
                raise TimeoutError(f"No answer for {TIMEOUT_SECONDS:.0f} s.")
            for key, _ in ready:
                key.data.readable()
        seconds = time.perf_counter() - began
        requests = self.tally.statuses.total()
        return {
            "seconds": seconds,
            "operations": dict(self.tally.operations),
            "requests": requests,
            "statuses": dict(self.tally.statuses),
            "latency_ms": {label: percentiles(values) for label, values in self.tally.latencies.items()},
            "samples": self.tally.samples,
            "cpu_us_per_request": round((_own_cpu() - used) / max(requests, 1) * 1e6, 1),
        }


def _own_cpu() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def main() -> int:
    """Run what standard input says."""
    asked = json.load(sys.stdin)
    module, _, name = asked.pop("scenario").partition(":")
    scenario = getattr(importlib.import_module(module), name)
    with contextlib.suppress(KeyboardInterrupt):
        json.dump(Loop(scenario=scenario, **asked).run(), sys.stdout)
    return 0


if __name__ == "__main__":
    sys.exit(main())
