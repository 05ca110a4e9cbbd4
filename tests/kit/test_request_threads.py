"""Requests are worked on in a few threads, and the event loop learns of their end without being woken."""

from __future__ import annotations

import asyncio
import logging
from threading import Barrier, Event, get_ident

import pytest

from kit.web.request_threads import RequestThreads


def test_as_many_are_worked_on_at_once_as_there_are_threads_and_others_wait() -> None:
    together, may_end = Barrier(3), Event()

    def work() -> None:
        together.wait(timeout=30)
        may_end.wait(timeout=30)

    async def scene() -> int:
        threads = RequestThreads(asyncio.get_running_loop(), count=2)
        ended = [threads.run(work), threads.run(work)]
        await asyncio.to_thread(together.wait, 30)
        ended += [threads.run(lambda: None), threads.run(lambda: None)]
        waiting = threads.waiting
        may_end.set()
        await asyncio.wait_for(asyncio.gather(*ended), 30)
        threads.close()
        return waiting

    assert asyncio.run(scene()) == 2


def test_a_thread_outlives_whatever_its_work_raises(caplog: pytest.LogCaptureFixture) -> None:
    seen: list[int] = []

    def fails() -> None:
        seen.append(get_ident())
        raise SystemExit

    async def scene() -> None:
        threads = RequestThreads(asyncio.get_running_loop(), count=1)
        await asyncio.wait_for(threads.run(fails), 30)
        await asyncio.wait_for(threads.run(lambda: seen.append(get_ident())), 30)
        threads.close()

    with caplog.at_level(logging.CRITICAL):
        asyncio.run(scene())
    assert len(set(seen)) == 1
    assert len(seen) == 2


def test_closing_does_what_waits_and_ends_the_threads() -> None:
    done: list[int] = []

    async def scene() -> None:
        threads = RequestThreads(asyncio.get_running_loop(), count=2)
        ended = [threads.run(lambda number=number: done.append(number)) for number in range(20)]  # type: ignore[misc]
        threads.close()
        assert all(each.done() for each in ended)
        assert not any(thread.is_alive() for thread in threads._threads)

    asyncio.run(scene())
    assert sorted(done) == list(range(20))
