"""Bodies are read within a time, at a least rate, up to a size, and counted while they are held."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Coroutine
from http import HTTPStatus
from typing import Any

import pytest

from kit.web.body_reading import LOOKS_EVERY_SECONDS, MEMORY_BYTES, Body, BodyRefusedError, Budget, Deadlines, read_body


class JumpingLoop(asyncio.SelectorEventLoop):
    """An event loop whose clock jumps to the next timer when nothing else is to be done."""

    seconds = 0.0

    def time(self) -> float:
        return self.seconds

    def _run_once(self) -> None:
        if not self._ready and self._scheduled:  # type: ignore[attr-defined]
            self.seconds = max(self.seconds, self._scheduled[0]._when)  # type: ignore[attr-defined]
        super()._run_once()  # type: ignore[misc]


def nobody_is_late() -> None:
    raise AssertionError("The body came in time.")


async def arriving(*pieces: bytes, then_waits: bool = False) -> AsyncIterator[bytes]:
    for piece in pieces:
        yield piece
    if then_waits:
        await asyncio.Event().wait()


def read(
    *pieces: bytes, length: int | None, limit: int = 1000, budget: Budget | None = None, then_waits: bool = False
) -> Body:
    coming = arriving(*pieces, then_waits=then_waits)
    return asyncio.run(take(coming, length=length, limit=limit, budget=budget or Budget(), on_late=nobody_is_late))


async def take(pieces: AsyncIterator[bytes], **how: Any) -> Body:
    """Read a body with the deadlines of the loop that runs."""
    return await read_body(pieces, deadlines=Deadlines(asyncio.get_running_loop()), **how)


def refusal(*pieces: bytes, length: int | None, limit: int = 1000, budget: Budget | None = None) -> HTTPStatus:
    with pytest.raises(BodyRefusedError) as refused:
        read(*pieces, length=length, limit=limit, budget=budget, then_waits=False)
    return refused.value.status


def test_a_body_is_whole_with_a_length_or_in_chunks() -> None:
    for body in (read(b"ab", b"c", length=3, then_waits=True), read(b"ab", b"c", b"", length=None)):
        assert body.file.read() == b"abc"
        body.close()


def test_a_body_larger_than_the_limit_is_refused_whatever_was_announced() -> None:
    assert refusal(b"a" * 600, b"a" * 600, length=None) == HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    assert refusal(b"a" * 1001, length=5) == HTTPStatus.REQUEST_ENTITY_TOO_LARGE


def test_a_body_that_is_cut_off_is_refused() -> None:
    assert refusal(b"ab", b"", length=3) == HTTPStatus.BAD_REQUEST
    assert refusal(b"ab", b"", b"", length=None) == HTTPStatus.BAD_REQUEST


async def paced(size: int, *, pieces: int, seconds: float) -> AsyncIterator[bytes]:
    """Yield a piece, and the next each time some seconds have gone by."""
    for _ in range(pieces):
        await asyncio.sleep(seconds)
        yield b"a" * size


def late_at(pieces: AsyncIterator[bytes], *, length: int | None, budget: Budget) -> float | None:
    """Return the second at which a body was refused as too slow; None where it came to its end."""
    loop = JumpingLoop()
    moments: list[float] = []

    def note() -> None:
        moments.append(loop.time())
        assert budget.held == 0, "What was refused is held no more, although its reading goes on."

    async def reading() -> None:
        body = await take(pieces, length=length, limit=10**9, budget=budget, on_late=note)
        body.close()

    with asyncio.Runner(loop_factory=lambda: loop) as runner:
        outcome = runner.run(outcome_of(reading()))
    assert budget.held == 0
    assert outcome == ((HTTPStatus.REQUEST_TIMEOUT, True) if moments else None)
    return moments[0] if moments else None


async def outcome_of(reading: Coroutine[None, None, None]) -> tuple[HTTPStatus, bool] | None:
    """Return the refusal of a body, and whether it was answered already; None where it came."""
    try:
        await reading
    except BodyRefusedError as refused:
        return refused.status, refused.is_answered
    return None


def test_a_body_that_stops_arriving_is_refused_after_ten_seconds() -> None:
    assert late_at(paced(1, pieces=2, seconds=60), length=2, budget=Budget()) == 10
    for length in (9, None):  # two bytes have come by then, and are worth a thousandth of a second
        late = late_at(paced(1, pieces=9, seconds=4), length=length, budget=Budget())
        assert late == 10 + LOOKS_EVERY_SECONDS


def test_a_body_that_arrives_fast_enough_has_more_time() -> None:
    """Ten kilobytes earn five seconds, and five minutes is the most."""
    assert late_at(paced(10_240, pieces=8, seconds=4), length=8 * 10_240, budget=Budget()) is None
    assert late_at(paced(10_240, pieces=100, seconds=4), length=100 * 10_240, budget=Budget()) == 300


def test_a_body_that_was_refused_is_not_taken_for_a_whole_one() -> None:
    budget = Budget()
    with pytest.raises(BodyRefusedError), asyncio.Runner(loop_factory=JumpingLoop) as runner:
        runner.run(take(paced(3, pieces=1, seconds=11), length=3, limit=9, budget=budget, on_late=lambda: None))
    assert budget.held == 0


def test_whether_a_body_is_whole_or_late_is_decided_once() -> None:
    """Its last piece may come in one thread while another finds it late."""
    loop = JumpingLoop()
    deadlines, late = Deadlines(loop), []
    whole, slow = Body(Budget(), length=1), Body(Budget(), length=1)
    deadlines.begin(whole, lambda: late.append(whole))
    deadlines.begin(slow, lambda: late.append(slow))
    loop.seconds = 10.0
    assert deadlines.end(whole)
    deadlines._look()
    assert late == [slow]
    assert not deadlines.end(slow)
    assert (whole.file.closed, slow.file.closed) == (False, True)
    loop.close()


def test_the_loop_looks_only_while_bodies_are_awaited() -> None:
    async def looks() -> list[bool]:
        loop = asyncio.get_running_loop()
        deadlines, body = Deadlines(loop), Body(Budget(), length=1)
        deadlines.begin(body, nobody_is_late)
        await asyncio.sleep(LOOKS_EVERY_SECONDS * 1.5)
        seen = [deadlines._looks]
        deadlines.end(body)
        await asyncio.sleep(LOOKS_EVERY_SECONDS * 1.5)
        return [*seen, deadlines._looks]

    with asyncio.Runner(loop_factory=JumpingLoop) as runner:
        assert runner.run(looks()) == [True, False]


def test_what_all_bodies_hold_together_is_bounded_and_given_back() -> None:
    budget = Budget(limit=1000)
    first = read(b"a" * 900, length=900, budget=budget)
    assert refusal(b"a" * 200, length=200, budget=budget) == HTTPStatus.SERVICE_UNAVAILABLE
    assert budget.held == 900
    first.close()
    assert budget.held == 0
    second = read(b"a" * 200, length=200, budget=budget)
    assert second.size == 200
    second.close()


def test_a_large_body_lies_in_a_file() -> None:
    body = read(b"a" * (MEMORY_BYTES + 1), length=MEMORY_BYTES + 1, limit=MEMORY_BYTES * 2)
    assert body.file._rolled  # type: ignore[attr-defined]
    body.close()
