"""Requests go on in the thread that ends their waiting; the event loop's is not woken for them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextvars import Context
from threading import Event, Thread, get_ident
from typing import Any

import pytest

from kit.web.direct_steps import Steps, step_directly

Call = Callable[..., None]


class Piece:
    """Something that is waited for, as the server has it: its end is told to the loop, from a thread of the server."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.is_awaited = Event()
        self._loop = loop

    def __await__(self) -> Generator[Piece, None, None]:
        yield self

    def add_done_callback(self, callback: Call, *, context: Context) -> None:
        self._callback, self._context = callback, context
        self.is_awaited.set()

    def arrive(self) -> None:
        self._loop.call_soon_threadsafe(self._callback, self, context=self._context)


@pytest.fixture
def loop() -> Iterator[asyncio.AbstractEventLoop]:
    """A loop that runs in a thread of its own."""
    running = asyncio.SelectorEventLoop()
    begun = Event()

    def run() -> None:
        step_directly(running)
        running.call_soon(begun.set)
        running.run_forever()
        running.close()

    thread = Thread(target=run)
    thread.start()
    assert begun.wait(timeout=30)
    yield running
    running.call_soon_threadsafe(running.stop)
    thread.join(timeout=30)


def begin(loop: asyncio.AbstractEventLoop, request: Any) -> None:
    """Hand a request over as granian does: a task of the loop, to be made in the loop."""
    loop.call_soon_threadsafe(lambda coroutine, _watcher: loop.create_task(coroutine), request, None)


def test_a_request_goes_on_where_its_waiting_ends(loop: asyncio.AbstractEventLoop) -> None:
    piece, seen = Piece(loop), []

    async def request() -> None:
        seen.append(get_ident())
        await piece
        seen.append(get_ident())

    with ThreadPoolExecutor(1) as first, ThreadPoolExecutor(1) as second:
        first.submit(begin, loop, request()).result(timeout=30)
        assert len(seen) == 1, "It begins before the server's thread goes on."
        second.submit(piece.arrive).result(timeout=30)
        assert seen == [first.submit(get_ident).result(), second.submit(get_ident).result()]


def test_everything_else_is_called_in_the_loop(loop: asyncio.AbstractEventLoop) -> None:
    threads: list[int] = []
    is_done = Event()

    def note() -> None:
        threads.append(get_ident())
        task = loop.create_task(asyncio.sleep(0))
        assert isinstance(task, asyncio.Task)
        task.add_done_callback(lambda _task: is_done.set())

    loop.call_soon_threadsafe(note)
    assert is_done.wait(timeout=30)
    assert get_ident() not in threads


def test_a_request_that_was_begun_is_not_broken_off(loop: asyncio.AbstractEventLoop) -> None:
    piece, ended = Piece(loop), Event()

    async def request() -> None:
        await piece
        ended.set()

    steps = Steps(request())
    steps.resume()
    assert not steps.cancel()
    piece.arrive()
    assert ended.is_set()
