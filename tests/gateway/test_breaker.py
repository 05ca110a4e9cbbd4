"""A silent provider gets a share of a web process's threads, and then none for a while."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from queue import SimpleQueue

import pytest

from gateway import calls
from gateway.calls import BREAKER_OPEN_SECONDS, FAILURES, Breaker, CallLimits, limit_calls
from gateway.errors import ProviderUnavailableError
from gateway.http import Link

LIMITS = CallLimits(calls=2, waiting=1, waiting_seconds=0.1, seconds=0.5)


@pytest.fixture
def limits() -> Iterator[None]:
    limit_calls(LIMITS)
    yield
    limit_calls(None)


class SilentProvider:
    """Takes connections and never answers."""

    def __init__(self, listening: socket.socket) -> None:
        listening.setblocking(False)
        self._listening = listening
        self._taken: list[socket.socket] = []
        self.url = f"http://127.0.0.1:{listening.getsockname()[1]}"

    def calls(self) -> int:
        """Return how many calls have come."""
        while True:
            try:
                self._taken.append(self._listening.accept()[0])
            except BlockingIOError:
                return len(self._taken)

    def hang_up(self) -> None:
        """End the calls that have come."""
        self.calls()
        for call in self._taken:
            call.close()


@pytest.fixture
def silent() -> Iterator[SilentProvider]:
    with socket.create_server(("127.0.0.1", 0), backlog=64) as listening:
        provider = SilentProvider(listening)
        yield provider
        provider.hang_up()


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def ask(link: Link) -> str:
    """Call a provider that does not answer; return why the call failed."""
    with pytest.raises(ProviderUnavailableError) as refusal:
        link.send("GET", f"{link.base_url}/transaction", headers={})
    return str(refusal.value)


@pytest.mark.usefixtures("limits")
def test_no_more_threads_than_its_share_wait_for_a_silent_provider(silent: SilentProvider) -> None:
    """All are refused at once but those that call and the one that may wait: these end when the provider hangs up."""
    limit_calls(replace(LIMITS, waiting_seconds=60.0, seconds=60.0))
    link, ended = Link(base_url=silent.url, timeout=60.0), SimpleQueue[str]()
    threads = [threading.Thread(target=lambda: ended.put(ask(link))) for _ in range(10)]
    for thread in threads:
        thread.start()
    refusals = [ended.get(timeout=60) for _ in range(10 - LIMITS.calls - LIMITS.waiting)]
    assert set(refusals) == {"Too many calls of payment providers are under way."}
    assert ended.empty()
    while any(thread.is_alive() for thread in threads):
        silent.hang_up()
        threads[0].join(0.01)
    assert silent.calls() == LIMITS.calls + LIMITS.waiting


@pytest.mark.usefixtures("limits")
def test_a_call_waits_for_its_turn_and_not_for_ever() -> None:
    with ExitStack() as under_way:
        for _ in range(LIMITS.calls):
            under_way.enter_context(Breaker().call())
        with pytest.raises(ProviderUnavailableError, match="came to an end in time"), Breaker().call():
            pytest.fail("There is no turn.")


@pytest.mark.usefixtures("limits")
def test_a_provider_that_does_not_answer_is_left_alone(silent: SilentProvider, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calls, "BREAKER_OPEN_SECONDS", 3600.0)
    link = Link(base_url=silent.url, timeout=60.0)
    assert [ask(link) for _ in range(FAILURES + 100)][FAILURES:] == 100 * [
        "The provider has not answered of late, and is left alone for a moment."
    ]
    assert silent.calls() == FAILURES


def test_without_limits_as_in_a_worker_every_call_is_made(silent: SilentProvider) -> None:
    """The control: the threads of a process that has set no limits all wait."""
    link = Link(base_url=silent.url, timeout=0.2)
    for _ in range(FAILURES + 2):
        ask(link)
    assert silent.calls() == FAILURES + 2


def fail(breaker: Breaker) -> None:
    with pytest.raises(ProviderUnavailableError), breaker.call():
        raise ProviderUnavailableError("no answer")


@pytest.mark.usefixtures("limits")
def test_one_call_tries_again_and_an_answer_ends_it() -> None:
    clock = Clock()
    breaker = Breaker(clock)
    for _ in range(FAILURES):
        fail(breaker)
    with pytest.raises(ProviderUnavailableError) as refusal, breaker.call():
        pytest.fail("The provider is to be left alone.")
    assert refusal.value.retry_after
    clock.now += BREAKER_OPEN_SECONDS
    with breaker.call(), pytest.raises(ProviderUnavailableError), breaker.call():
        pytest.fail("One call tries, and not two.")
    with breaker.call():
        pass


@pytest.mark.usefixtures("limits")
def test_a_try_that_fails_begins_the_wait_anew() -> None:
    clock = Clock()
    breaker = Breaker(clock)
    for _ in range(FAILURES):
        fail(breaker)
    clock.now += BREAKER_OPEN_SECONDS
    fail(breaker)
    clock.now += BREAKER_OPEN_SECONDS / 2
    with pytest.raises(ProviderUnavailableError), breaker.call():
        pytest.fail("The provider is to be left alone.")


@pytest.mark.usefixtures("limits")
def test_an_answer_that_took_too_long_counts_as_none() -> None:
    clock = Clock()
    breaker = Breaker(clock)
    for _ in range(FAILURES):
        with breaker.call():
            clock.now += LIMITS.seconds
    with pytest.raises(ProviderUnavailableError), breaker.call():
        pytest.fail("The provider is to be left alone.")


@pytest.mark.usefixtures("limits")
def test_refusals_are_answers_and_turns_are_given_back() -> None:
    breaker = Breaker()
    for _ in range(10):
        with pytest.raises(ValueError, match="refused"), breaker.call():
            raise ValueError("refused")
    with breaker.call() as seconds:
        assert seconds == LIMITS.seconds
