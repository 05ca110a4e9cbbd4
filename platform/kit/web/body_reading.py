"""Reading a request's body before a thread is given to it: within a time, at a least rate, and not too much at once."""

import asyncio
import io
import tempfile
from collections.abc import AsyncIterable, Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import IO

GRACE_SECONDS = 10.0
LEAST_BYTES_PER_SECOND = 2048
LONGEST_SECONDS = 300.0
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


@dataclass(slots=True)
class Budget:
    """Bytes of request bodies that a process holds, and their limit."""

    limit: int = ALL_BODIES_BYTES
    held: int = 0

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
        """Append a piece.

        Raises:
            BodyRefusedError: the process holds too much.
        """
        if self.file.closed:
            return
        self._budget.take(len(piece))
        self.size += len(piece)
        self.file.write(piece)

    def close(self) -> None:
        """Release the body."""
        self._budget.held -= self.size
        self.size = 0
        self.file.close()


class Deadline:
    """The time that a body has: ten seconds, and one more for each two kilobytes that have come, up to five minutes.

    Args:
        on_late: called once it is over, when the body is closed.
    """

    def __init__(self, body: Body, on_late: Callable[[], None]) -> None:
        self.is_over = False
        self._body = body
        self._on_late = on_late
        self._loop = asyncio.get_running_loop()
        self._began = self._loop.time()
        self._timer = self._loop.call_at(self._began + GRACE_SECONDS, self._look)

    def lift(self) -> None:
        """End the limit: the body is complete, or will never be."""
        self._timer.cancel()

    def _look(self) -> None:
        until = self._began + min(GRACE_SECONDS + self._body.size / LEAST_BYTES_PER_SECOND, LONGEST_SECONDS)
        if until > self._loop.time():
            self._timer = self._loop.call_at(until, self._look)
            return
        self.is_over = True
        self._body.close()
        self._on_late()


async def read_body(
    pieces: AsyncIterable[bytes],
    *,
    length: int | None,
    limit: int,
    budget: Budget,
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
    deadline = Deadline(body, on_late)
    try:
        await _read_into(body, pieces, length=length, limit=limit)
    except BaseException as error:
        body.close()
        if deadline.is_over and isinstance(error, Exception):
            raise BodyRefusedError(HTTPStatus.REQUEST_TIMEOUT, is_answered=True) from error
        raise
    finally:
        deadline.lift()
    if deadline.is_over:
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
