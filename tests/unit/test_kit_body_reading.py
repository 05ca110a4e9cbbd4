"""Bodies are read within a time, at a least rate, up to a size, and counted while they are held."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from http import HTTPStatus

import pytest

from kit.web import body_reading
from kit.web.body_reading import MEMORY_BYTES, Body, BodyRefusedError, Budget, read_body


async def arriving(*pieces: bytes, then_waits: bool = False) -> AsyncIterator[bytes]:
    for piece in pieces:
        yield piece
    if then_waits:
        await asyncio.Event().wait()


def read(
    *pieces: bytes, length: int | None, limit: int = 1000, budget: Budget | None = None, then_waits: bool = False
) -> Body:
    return asyncio.run(
        read_body(arriving(*pieces, then_waits=then_waits), length=length, limit=limit, budget=budget or Budget())
    )


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


def test_a_body_that_stops_arriving_is_refused_after_its_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(body_reading, "GRACE_SECONDS", 0.05)
    budget = Budget()
    with pytest.raises(BodyRefusedError) as refused:
        read(b"ab", length=3, budget=budget, then_waits=True)
    assert refused.value.status == HTTPStatus.REQUEST_TIMEOUT
    assert budget.held == 0


def test_a_body_that_arrives_fast_enough_has_more_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten kilobytes earn five seconds; with one byte a second nothing is earned."""
    now = [0.0]

    async def paced(size: int) -> AsyncIterator[bytes]:
        for _ in range(4):
            now[0] += 4.0
            yield b"a" * size
            await asyncio.sleep(0)

    async def both() -> None:
        body = await read_body(paced(10_240), length=40_960, limit=99_999, budget=Budget(), clock=lambda: now[0])
        assert body.size == 40_960
        body.close()
        now[0] = 0.0
        with pytest.raises(BodyRefusedError):
            await read_body(paced(1), length=4, limit=99_999, budget=Budget(), clock=lambda: now[0])

    monkeypatch.setattr(body_reading.asyncio, "wait", one_turn)
    asyncio.run(both())


async def one_turn(*_: object, **__: object) -> None:
    """Stand in for the wait: a turn of the loop instead of real seconds."""
    await asyncio.sleep(0)


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
