"""A server that ends is started again, and tried again where it is refused."""

from __future__ import annotations

import subprocess
import time
from itertools import pairwise
from typing import cast

import pytest

from runtime.embedded import SILENCE_TIMEOUT_SECONDS
from runtime.errors import StartupError
from runtime.server_watch import DOWN_SECONDS, RECOVERING_SECONDS, ServerWatch, wait_until_up


class Process:
    """A process that has ended with a code, or runs."""

    def __init__(self, returncode: int | None) -> None:
        self.returncode = returncode

    def poll(self) -> int | None:
        return self.returncode


class Refusing:
    """A server whose start is refused some times, as PostgreSQL's is while an old one's memory is in use."""

    def __init__(self, *, refused: range) -> None:
        self.starts = 0
        self._refused = refused
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self.starts += 1
        self.ends(1 if self.starts in self._refused else None)

    def ends(self, code: int | None) -> None:
        self.process = cast("subprocess.Popen[bytes]", Process(code))

    def is_ready(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def failure(self) -> str:
        return "it is refused"


class Clock:
    """The time, which passes as fast as the watch wants to wait."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 1000.0
        monkeypatch.setattr(time, "monotonic", lambda: self.now)
        monkeypatch.setattr(time, "sleep", self.sleep)

    def sleep(self, seconds: float) -> None:
        self.now += seconds

    def run(self, watch: ServerWatch) -> None:
        while (wait := watch.turn()) is not None:
            self.now += wait


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


def watch(server: Refusing, said: list[str]) -> ServerWatch:
    found = ServerWatch(server, say=said.append, changed=lambda: None)
    found.start()
    return found


def test_a_server_that_was_killed_is_tried_again_until_its_start_is_not_refused(clock: Clock) -> None:
    server, said = Refusing(refused=range(2, 6)), list[str]()
    watched = watch(server, said)
    clock.run(watched)
    server.ends(-9)
    killed_at = clock.now
    clock.run(watched)
    assert server.starts == 6
    assert clock.now - killed_at < 1.0
    assert said[-1].startswith("Refusing is back after")


def test_a_thousand_ends_far_apart_use_nothing_up(clock: Clock) -> None:
    server = Refusing(refused=range(0))
    watched = watch(server, [])
    for _ in range(1000):
        clock.run(watched)
        server.ends(-9)
        clock.now += 30.0
    clock.run(watched)
    assert server.starts == 1001


def test_a_lasting_fault_ends_in_the_servers_own_words_and_few_lines(clock: Clock) -> None:
    server, said = Refusing(refused=range(2, 10_000)), list[str]()
    watched = watch(server, said)
    clock.run(watched)
    server.ends(-9)
    killed_at = clock.now
    with pytest.raises(StartupError, match="it is refused"):
        clock.run(watched)
    assert DOWN_SECONDS <= clock.now - killed_at < DOWN_SECONDS + 5
    assert len(said) <= 7


def test_a_first_start_that_is_refused_at_every_try_is_given_up_soon(clock: Clock) -> None:
    watched = watch(Refusing(refused=range(1, 10_000)), [])
    began = clock.now
    with pytest.raises(StartupError, match="it is refused"):
        clock.run(watched)
    assert clock.now - began < 2.0


def test_a_server_that_runs_and_recovers_is_waited_for(clock: Clock) -> None:
    server, said = Refusing(refused=range(0)), list[str]()
    watched = watch(server, said)
    clock.run(watched)
    recovered_at = clock.now + 10 * DOWN_SECONDS
    server.is_ready = lambda: clock.now > recovered_at  # type: ignore[method-assign]
    server.ends(-9)
    clock.run(watched)
    assert watched.is_up
    assert server.starts == 2

    server.is_ready = lambda: False  # type: ignore[method-assign]
    server.ends(-9)
    died_at = clock.now
    with pytest.raises(StartupError, match="it is refused"):
        clock.run(watched)
    assert clock.now - died_at >= RECOVERING_SECONDS


def test_who_waits_for_a_recovering_server_hears_of_it_before_its_timeout(clock: Clock) -> None:
    server, told = Refusing(refused=range(0)), list[float]()
    watched = watch(server, [])
    ready_at = clock.now + 5 * SILENCE_TIMEOUT_SECONDS
    server.is_ready = lambda: clock.now > ready_at  # type: ignore[method-assign]
    began = clock.now
    wait_until_up([watched], tell=lambda note: told.append(clock.now) if "Refusing" in note else None)
    assert watched.is_up
    assert clock.now > ready_at
    heard = [began, *told, clock.now]
    assert max(after - before for before, after in pairwise(heard)) < SILENCE_TIMEOUT_SECONDS / 2


def test_who_waits_for_servers_that_start_at_once_hears_nothing(clock: Clock) -> None:
    told = list[str]()
    wait_until_up([watch(Refusing(refused=range(0)), [])], tell=told.append)
    assert told == []


def test_a_start_that_a_full_disk_stops_is_tried_again(clock: Clock) -> None:
    server, said = Refusing(refused=range(0)), list[str]()
    watched = watch(server, said)
    clock.run(watched)
    starting = server.start
    tries = iter([OSError(28, "No space left on device")])

    def start() -> None:
        for problem in tries:
            raise problem
        starting()

    server.start = start  # type: ignore[method-assign]
    server.ends(-9)
    clock.run(watched)
    assert watched.is_up
    assert any("No space left on device" in line for line in said)
