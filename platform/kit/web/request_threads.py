"""The threads in which requests are worked on, called from the event loop."""

import asyncio
import logging
from collections import deque
from collections.abc import Callable
from queue import SimpleQueue
from threading import Thread

logger = logging.getLogger(__name__)

SETTLED_WITHIN_SECONDS = 0.1

Work = Callable[[], None]


class RequestThreads:
    """A few threads that take requests in the order in which they came.

    An answer leaves from its thread, so nothing in the event loop waits for its end in haste. To wake the loop for
    each would cost 25 µs of processor time a request; it looks for ended ones when the next request comes, or after
    a tenth of a second.

    Args:
        count: requests that are worked on at once.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop, *, count: int) -> None:
        self._loop = loop
        self._queue: SimpleQueue[tuple[Work, asyncio.Future[None]] | None] = SimpleQueue()
        self._ended: deque[asyncio.Future[None]] = deque()
        self._under_way = 0
        self._timer: asyncio.TimerHandle | None = None
        self._threads = [Thread(target=self._work, name=f"request_{number}", daemon=True) for number in range(count)]
        for thread in self._threads:
            thread.start()

    @property
    def waiting(self) -> int:
        """Return the number of requests that wait for a thread."""
        return self._queue.qsize()

    def run(self, work: Work) -> "asyncio.Future[None]":
        """Have work done in a thread; the future is done some time after it has ended."""
        self._settle()
        ended = self._loop.create_future()
        self._under_way += 1
        self._queue.put((work, ended))
        if self._timer is None:
            self._timer = self._loop.call_later(SETTLED_WITHIN_SECONDS, self._look_again)
        return ended

    def close(self) -> None:
        """End the threads once they have done the work that waits, and wait for them."""
        for _ in self._threads:
            self._queue.put(None)
        for thread in self._threads:
            thread.join()
        self._settle()

    def _work(self) -> None:
        while (asked := self._queue.get()) is not None:
            work, ended = asked
            try:
                work()
            except BaseException:
                logger.exception("A request was not answered.")
            self._ended.append(ended)
            del asked, work, ended  # a thread that waits keeps nothing of the last request

    def _settle(self) -> None:
        while self._ended:
            ended = self._ended.popleft()
            self._under_way -= 1
            if not ended.done():
                ended.set_result(None)

    def _look_again(self) -> None:
        self._settle()
        self._timer = self._loop.call_later(SETTLED_WITHIN_SECONDS, self._look_again) if self._under_way else None
