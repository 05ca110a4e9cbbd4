"""The threads in which requests are worked on."""

import logging
from collections.abc import Callable, Generator
from contextvars import Context
from queue import SimpleQueue
from threading import Thread

logger = logging.getLogger(__name__)

Resume = Callable[[object], None]


class RequestThreads:
    """A few threads that take requests in the order in which they came.

    A request's coroutine that awaits them goes on in one of them, and keeps it until it ends (`direct_steps`).

    Args:
        count: requests that are worked on at once.
    """

    def __init__(self, *, count: int) -> None:
        self._queue: SimpleQueue[Resume | None] = SimpleQueue()
        self._threads = [Thread(target=self._work, name=f"request_{number}", daemon=True) for number in range(count)]
        for thread in self._threads:
            thread.start()

    @property
    def waiting(self) -> int:
        """Return the number of requests that wait for a thread."""
        return self._queue.qsize()

    def __await__(self) -> "Generator[RequestThreads, None, None]":
        yield self

    def add_done_callback(self, resume: Resume, *, context: Context) -> None:
        """Have a request go on in the next thread that is free."""
        self._queue.put(resume)

    def close(self) -> None:
        """End the threads once they have done the work that waits, and wait for them."""
        for _ in self._threads:
            self._queue.put(None)
        for thread in self._threads:
            thread.join()

    def _work(self) -> None:
        while (resume := self._queue.get()) is not None:
            try:
                resume(self)
            except BaseException:
                logger.exception("A request was not answered.")
            del resume  # a thread that waits keeps nothing of the last request
