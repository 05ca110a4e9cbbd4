"""A silent provider gets a share of a web process's threads, and then none for a while."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator

import pytest

from gateway.calls import FAILURES, LEFT_ALONE_SECONDS, Breaker, CallLimits, limit_calls
from gateway.errors import ProviderUnavailableError
from gateway.http import Link

LIMITS = CallLimits(calls=2, waiting=1, waiting_seconds=0.1, seconds=0.5)


@pytest.fixture
def limits() -> Iterator[None]:
    limit_calls(LIMITS)
    yield
    limit_calls(None)


@pytest.fixture
def silent_link() -> Iterator[Link]:
    """A provider that takes connections and never answers."""
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen(64)
        yield Link(base_url=f"http://127.0.0.1:{silent.getsockname()[1]}", timeout=30.0)


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def ask(link: Link) -> float:
    began = time.monotonic()
    with pytest.raises(ProviderUnavailableError):
        link.send("GET", f"{link.base_url}/transaction", headers={})
    return time.monotonic() - began


@pytest.mark.usefixtures("limits")
def test_no_more_threads_than_its_share_wait_for_a_silent_provider(silent_link: Link) -> None:
    times: list[float] = []
    threads = [threading.Thread(target=lambda: times.append(ask(silent_link))) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(seconds >= 0.4 for seconds in times) == LIMITS.calls
    assert sum(seconds >= 0.05 for seconds in times) <= LIMITS.calls + LIMITS.waiting


@pytest.mark.usefixtures("limits")
def test_a_provider_that_does_not_answer_is_left_alone(silent_link: Link) -> None:
    for _ in range(FAILURES):
        assert ask(silent_link) >= 0.4
    assert max(ask(silent_link) for _ in range(100)) < 0.1


def test_without_limits_as_in_a_worker_every_call_is_made(silent_link: Link) -> None:
    """The control: the threads of a process that has set no limits all wait."""
    link = Link(base_url=silent_link.base_url, timeout=0.2)
    assert min(ask(link) for _ in range(FAILURES + 2)) >= 0.15


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
    clock.now += LEFT_ALONE_SECONDS
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
    clock.now += LEFT_ALONE_SECONDS
    fail(breaker)
    clock.now += LEFT_ALONE_SECONDS / 2
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
