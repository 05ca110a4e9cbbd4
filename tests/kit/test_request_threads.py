"""Requests are worked on in a few threads."""

from __future__ import annotations

import logging
from collections.abc import Callable
from threading import Barrier, Event, get_ident

import pytest

from kit.web.direct_steps import Steps
from kit.web.request_threads import RequestThreads


def have_done(threads: RequestThreads, work: Callable[[], object]) -> None:
    """Hand a piece of work over, as a request is."""

    async def request() -> None:
        await threads
        work()

    Steps(request()).resume()


def test_as_many_are_worked_on_at_once_as_there_are_threads_and_others_wait() -> None:
    together, may_end = Barrier(3), Event()
    threads = RequestThreads(count=2)

    def work() -> None:
        together.wait(timeout=30)
        may_end.wait(timeout=30)

    have_done(threads, work)
    have_done(threads, work)
    together.wait(timeout=30)
    have_done(threads, lambda: None)
    have_done(threads, lambda: None)
    assert threads.waiting == 2
    may_end.set()
    threads.close()
    assert threads.waiting == 0


def test_a_thread_outlives_whatever_its_work_raises(caplog: pytest.LogCaptureFixture) -> None:
    seen: list[int] = []

    def fails() -> None:
        seen.append(get_ident())
        raise SystemExit

    threads = RequestThreads(count=1)
    with caplog.at_level(logging.CRITICAL):
        have_done(threads, fails)
        have_done(threads, lambda: seen.append(get_ident()))
        threads.close()
    assert len(set(seen)) == 1
    assert len(seen) == 2


def test_closing_does_what_waits_and_ends_the_threads() -> None:
    done: list[int] = []
    threads = RequestThreads(count=2)
    for number in range(20):
        have_done(threads, lambda number=number: done.append(number))  # type: ignore[misc]
    threads.close()
    assert not any(thread.is_alive() for thread in threads._threads)
    assert sorted(done) == list(range(20))
