"""Reading a request's body before a thread is given to it: within a time, at a least rate, and not too much at once."""

import asyncio
import tempfile
import time
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
    """

    def __init__(self, status: HTTPStatus) -> None:
        super().__init__(status.phrase)
        self.status = status


@dataclass(slots=True)
class Budget:
    """How many bytes of bodies a process holds, and may hold."""

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
    """

    def __init__(self, budget: Budget) -> None:
        self.file: IO[bytes] = tempfile.SpooledTemporaryFile(max_size=MEMORY_BYTES)  # noqa: SIM115 - closed by `close`
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
        """Let go of it."""
        self._budget.held -= self.size
        self.size = 0
        self.file.close()


async def read_body(
    pieces: AsyncIterable[bytes],
    *,
    length: int | None,
    limit: int,
    budget: Budget,
    clock: Callable[[], float] = time.monotonic,
) -> Body:
    """Read a body to its end.

    A body has ten seconds, and one more for each two kilobytes that have come; five minutes at the most.

    Args:
        length: as announced; None for one in chunks.
        limit: the largest size in bytes.

    Raises:
        BodyRefusedError: it is too slow (408), too large (413) or cut off (400), or there are too many at once (503).
    """
    body = Body(budget)
    reading = asyncio.ensure_future(_read_into(body, pieces, length=length, limit=limit))
    reading.add_done_callback(_forget_outcome)
    try:
        await _wait_for(reading, body, clock)
    except BaseException:
        body.close()
        raise
    body.file.seek(0)
    return body


async def _wait_for(reading: "asyncio.Future[None]", body: Body, clock: Callable[[], float]) -> None:
    """Wait while the body comes fast enough.

    The reading itself can't be cancelled (granian's awaitables have no `throw`). It is left behind, and ends with the
    connection, which the server closes after an answer to a body that was not read.
    """
    began = clock()
    while not reading.done():
        allowed = min(GRACE_SECONDS + body.size / LEAST_BYTES_PER_SECOND, LONGEST_SECONDS)
        left = began + allowed - clock()
        if left <= 0:
            raise BodyRefusedError(HTTPStatus.REQUEST_TIMEOUT)
        await asyncio.wait({reading}, timeout=left)
    reading.result()


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


def _forget_outcome(reading: "asyncio.Future[None]") -> None:
    if not reading.cancelled():
        reading.exception()
