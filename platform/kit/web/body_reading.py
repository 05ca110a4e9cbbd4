"""Reading a request's body before a thread is given to it: within a time, at a least rate, and not too much at once."""

import asyncio
import io
import tempfile
from collections.abc import AsyncIterable, Callable
from dataclasses import dataclass
from http import HTTPStatus
from threading import Lock
from typing import IO

GRACE_SECONDS = 10.0
LEAST_BYTES_PER_SECOND = 2048
LONGEST_SECONDS = 300.0
LOOKS_EVERY_SECONDS = 0.5
MEMORY_BYTES = 256 * 1024  # of one body; the rest goes to a temporary file
ALL_BODIES_BYTES = 256 * 1024 * 1024  # of one process


class BodyRefusedError(Exception):
    """A body was not read to its end.

    Args:
        status: what to answer.
        is_answered: whether that has been done.
    """

    def __init__(self, status: HTTPStatus, *, is_answered: bool = False) -> None:
        super().__init__(status.phrase)
        self.status = status
        self.is_answered = is_answered


class Budget:
    """Bytes of request bodies that a process holds, and their limit."""

    def __init__(self, limit: int = ALL_BODIES_BYTES) -> None:
        self.limit = limit
        self.held = 0
        self.lock = Lock()  # bodies are read, worked on and given up in different threads

    def take(self, size: int) -> None:
        """Count bytes that have come in.

        Raises:
            BodyRefusedError: there are too many already.
        """
        if self.held + size > self.limit:
            raise BodyRefusedError(HTTPStatus.SERVICE_UNAVAILABLE)
        self.held += size


class Body:
    """A body that was read, in memory or in a temporary file.

    Args:
        budget: counts it until it is closed.
        length: as announced; None for one in chunks.
    """

    def __init__(self, budget: Budget, *, length: int | None = None) -> None:
        self.file: IO[bytes] = io.BytesIO()
        if length is None or length > MEMORY_BYTES:
            self.file = tempfile.SpooledTemporaryFile(max_size=MEMORY_BYTES)  # noqa: SIM115 - closed by `close`
        self.size = 0
        self._budget = budget

    def add(self, piece: bytes) -> None:
        """Append a piece; nothing to a body that is closed.

        Raises:
            BodyRefusedError: the process holds too much.
        """
        with self._budget.lock:
            if self.file.closed:
                return
            self._budget.take(len(piece))
            self.size += len(piece)
            self.file.write(piece)

    def close(self) -> None:
        """Release the body."""
        with self._budget.lock:
            self._budget.held -= self.size
            self.size = 0
            self.file.close()


@dataclass(frozen=True, slots=True)
class Awaited:
    """A body that is being read: since when, and what answers for it once it is late."""

    began: float
    on_late: Callable[[], None]


class Deadlines:
    """Ends bodies that are late: one has ten seconds, and one more for each two kilobytes of it, up to five minutes.

    A timer for each body would wake the event loop for each; one looks at all of them, twice a second while there are
    any. Taking a body out of the table decides whether it is whole or late, whichever thread comes first.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._awaited: dict[Body, Awaited] = {}
        self._looks = False

    def begin(self, body: Body, on_late: Callable[[], None]) -> None:
        """Count a body's time; `on_late` is called, in the event loop, when it is over and the body is closed."""
        self._awaited[body] = Awaited(began=self._loop.time(), on_late=on_late)
        if not self._looks:
            self._looks = True
            self._loop.call_soon_threadsafe(self._look_later)

    def end(self, body: Body) -> bool:
        """Stop counting; returns whether there was time left. Without, the body is closed and its request answered."""
        return self._awaited.pop(body, None) is not None

    def _look_later(self) -> None:
        self._loop.call_later(LOOKS_EVERY_SECONDS, self._look)

    def _look(self) -> None:
        for body, awaited in self._awaited.copy().items():
            has = min(GRACE_SECONDS + body.size / LEAST_BYTES_PER_SECOND, LONGEST_SECONDS)
            if self._loop.time() - awaited.began >= has and self.end(body):
                body.close()
                awaited.on_late()
        self._looks = False
        if self._awaited:
            self._looks = True
            self._look_later()


async def read_body(
    pieces: AsyncIterable[bytes],
    *,
    length: int | None,
    limit: int,
    budget: Budget,
    deadlines: Deadlines,
    on_late: Callable[[], None],
) -> Body:
    """Read a body to its end.

    Args:
        length: as announced; None for one in chunks.
        limit: the largest size in bytes.
        on_late: answers a body that is too slow. Reading can't be broken off (granian's awaitables have no `throw`):
            it ends with the connection, which the server closes after an answer to a body that was not read.

    Raises:
        BodyRefusedError: it is too slow (408), too large (413) or cut off (400), or there are too many at once (503).
    """
    body = Body(budget, length=length)
    deadlines.begin(body, on_late)
    try:
        await _read_into(body, pieces, length=length, limit=limit)
    except BaseException as error:
        is_late = not deadlines.end(body)
        body.close()
        if is_late and isinstance(error, Exception):
            raise BodyRefusedError(HTTPStatus.REQUEST_TIMEOUT, is_answered=True) from error
        raise
    if not deadlines.end(body):
        raise BodyRefusedError(HTTPStatus.REQUEST_TIMEOUT, is_answered=True)
    body.file.seek(0)
    return body


async def _read_into(body: Body, pieces: AsyncIterable[bytes], *, length: int | None, limit: int) -> None:
    empty = 0
    async for piece in pieces:
        empty += not piece
        if body.size + len(piece) > limit:
            raise BodyRefusedError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        body.add(piece)
        if body.size == length:
            return
    if length is not None or empty > 1:  # the end of a whole body is one empty piece
        raise BodyRefusedError(HTTPStatus.BAD_REQUEST)
