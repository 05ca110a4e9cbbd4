"""Every command, round and page with so many shops, and beside it with fewer: it may take what the number says."""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

from tenants.models import Shop
from tests.bench.core.measure import compare
from tests.bench.core.options import Options
from tests.bench.core.results import Figure, Result, Run, Target
from tests.bench.many.commands import Work, commands, rounds
from tests.bench.many.pages import Visit, all_visits, open_page

LINEAR = Target("ratio", at_most=1.15)  # seconds a shop, against fewer shops
PAGE = Target("value", at_most=1_000.0)
# A page asks and shows the same of ten thousand shops as of a thousand; what it counts or sums may grow with them.
SHORT_MS = 25.0  # below it a page's time says more about the machine than about the shops
LONG_SHOPS = 1_000  # with more than these a command is measured once


@dataclass(slots=True)
class Growth:
    """Measurements with each number of shops, compared with the number before."""

    prefix: str
    _works: dict[str, Result] = field(default_factory=dict)
    _pages: dict[str, Result] = field(default_factory=dict)
    _size: int = 0

    def measure(self, size: int, options: Options) -> Iterator[Result]:
        """Measure everything with so many shops, and report it beside the last size."""
        shop = Shop.objects.get(slug=f"{self.prefix}-00001")
        works = [*commands(shops=size, prefix=self.prefix, some_shop=shop.slug), *rounds()]
        for work in works:
            result = _measure_work(work, size, options)
            yield result
            if before := self._works.get(work.name):
                yield _beside(result, before, divisors=(size, self._size), unit="s a shop", target=LINEAR)
            self._works[work.name] = result
        callers = itertools.count()
        for visit in all_visits(shop=shop).visits:
            result = _measure_page(visit, size, options, callers)
            yield result
            if before := self._pages.get(visit.name):
                yield _beside(
                    result, before, divisors=(1, 1), unit="ms", target=_page_target(result, size / self._size)
                )
            self._pages[visit.name] = result
        self._size = size


def _measure_work(work: Work, size: int, options: Options) -> Result:
    def run() -> Figure:
        began = time.perf_counter()
        work.run()
        return Figure(time.perf_counter() - began)

    return compare(
        f"shops/{size}/{work.name}",
        run,
        unit="s",
        rounds=options.pick(3 if size <= LONG_SHOPS else 1, 1),
        target=Target("value", at_most=work.most_seconds),
        throw_first=False,
        repeats=not options.quick,
    )


def _measure_page(visit: Visit, size: int, options: Options, callers: Iterator[int]) -> Result:
    def run() -> Figure:
        began = time.perf_counter()
        seen = open_page(visit, number=next(callers))
        taken = (time.perf_counter() - began) * 1_000
        return Figure(taken, facts={"statements": seen.statements, "bytes": seen.size})

    return compare(f"shops/{size}/{visit.name}", run, unit="ms", rounds=options.rounds, target=PAGE)


def _page_target(result: Result, growth: float) -> Target | None:
    return Target("ratio", at_most=growth) if result.value >= SHORT_MS else None


def _beside(result: Result, before: Result, *, divisors: tuple[int, int], unit: str, target: Target | None) -> Result:
    """Report a result over that of fewer shops; more statements, or a page twice as long, are a problem."""
    ours = Figure(result.value / divisors[0], problems=tuple(_growths(result, before)))
    share = max(run.others_share for run in (*result.runs, *before.runs))
    return Result(
        name=f"{result.name}/over/{before.name.split('/')[1]}",
        unit=unit,
        runs=(Run(ours, Figure(before.value / divisors[1]), share),),
        is_valid=result.is_valid and before.is_valid,
        yardstick_name=f"the same with {before.name.split('/')[1]} shops",
        target=target,
    )


def _growths(result: Result, before: Result) -> Iterator[str]:
    for fact, factor in (("statements", 1.0), ("bytes", 2.0)):
        now, then = (
            [run.figure.facts[fact] for run in each.runs if fact in run.figure.facts] for each in (result, before)
        )
        if now and then and min(now) > factor * max(then):
            yield f"{min(now)} {fact}, with fewer shops {max(then)}"
