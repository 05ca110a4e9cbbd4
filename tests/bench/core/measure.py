"""Turns of ours and the yardstick's, one after the other, so that neither has the quieter machine."""

from __future__ import annotations

import gc
from collections.abc import Callable

from tests.bench.core import busy
from tests.bench.core.results import Figure, Result, Run, Target

Side = Callable[[], Figure]
SPARE_TURNS = 2  # for those in which somebody else was at work


def compare(
    name: str,
    ours: Side,
    yardstick: Side | None = None,
    *,
    unit: str,
    rounds: int,
    yardstick_name: str = "",
    target: Target | None = None,
    note: str = "",
    throw_first: bool | None = None,
    repeats: bool | None = None,
) -> Result:
    """Measure both sides in turns: A B A B. The first pair is thrown away, for it warms things up.

    Args:
        rounds: how many pairs count. One alone shows that all of it runs, and needs neither of the following.
        throw_first: whether a pair goes before them that does not count; by default before several.
        repeats: whether a pair during which others used the machine is repeated, a few times; by default of several.
    """
    if rounds > 1 if throw_first is None else throw_first:
        _turn(ours, yardstick)
    runs: list[Run] = []
    most = rounds + (SPARE_TURNS if (rounds > 1 if repeats is None else repeats) else 0)
    while len(_quiet(runs)) < rounds and len(runs) < most:
        runs.append(_turn(ours, yardstick))
    quiet = _quiet(runs)
    is_valid = len(quiet) >= rounds
    return Result(
        name=name,
        unit=unit,
        runs=tuple(quiet if is_valid else runs),
        is_valid=is_valid,
        yardstick_name=yardstick_name,
        target=target,
        note=note,
    )


def single(name: str, ours: Side, *, unit: str, target: Target | None = None, note: str = "") -> Result:
    """Measure something that takes long, or cannot be done twice, once."""
    return compare(name, ours, unit=unit, rounds=1, target=target, note=note, throw_first=False, repeats=False)


def found(
    name: str,
    value: float,
    *,
    unit: str,
    like: Result,
    target: Target | None = None,
    note: str = "",
    depends_on_time: bool = True,
) -> Result:
    """Report a figure that came out of another measurement, as valid as that one.

    Args:
        depends_on_time: False for counts, which are the same whoever else is at work.
    """
    share = max(run.others_share for run in like.runs)
    runs = (Run(Figure(value), None, share),)
    is_valid = like.is_valid or not depends_on_time
    return Result(name=name, unit=unit, runs=runs, is_valid=is_valid, target=target, note=note)


def against(name: str, result: Result, base: Result, *, target: Target | None = None, note: str = "") -> Result:
    """Report one result over another, both of this run."""
    ours, theirs = result.value, base.value
    share = max(run.others_share for run in (*result.runs, *base.runs))
    run = Run(Figure(ours), Figure(theirs), share)
    return Result(
        name=name,
        unit=result.unit,
        runs=(run,),
        is_valid=result.is_valid and base.is_valid,
        yardstick_name=base.name,
        target=target,
        note=note,
    )


def _turn(ours: Side, yardstick: Side | None) -> Run:
    gc.collect()
    start = busy.read()
    figure = ours()
    other = yardstick() if yardstick is not None else None
    return Run(figure, other, busy.read().others_share_since(start))


def _quiet(runs: list[Run]) -> list[Run]:
    return [run for run in runs if run.others_share <= busy.TOLERATED_SHARE]
