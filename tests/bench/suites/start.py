"""`manage.py up`: how long until the first page, and what the idle market takes of the memory."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

import httpx

from runtime.datadir import DataDir
from tests.bench.core.measure import compare, single
from tests.bench.core.options import Options
from tests.bench.core.parts import weigh_parts
from tests.bench.core.results import Figure, Result, Target
from tests.bench.core.stand import Stand, free_port
from tests.world.market_process import MarketProcess

WARM_WITHIN = Target("value", at_most=6.0)
IDLE_MEMORY = Target("value", at_most=450)
SETTLING_SECONDS = 70  # the jobs of every minute have been done
VISITS = 16


def run(stand: Stand, options: Options) -> Iterator[Result]:
    """Start cold, then warm; then weigh the market while nobody visits."""
    words = options.pick((), ("--no-demo",))
    data_dir = stand.data_dir
    yield single(
        "start/cold",
        lambda: _start(data_dir, *words),
        unit="s",
        note="from the command to the first page, the first time: database made, demo loaded, its pictures drawn",
    )
    yield compare(
        "start/warm",
        lambda: _start(data_dir, *words),
        unit="s",
        rounds=options.pick(3, 1),
        target=WARM_WITHIN,
        throw_first=not options.quick,
    )
    yield single(
        "start/idle-memory",
        lambda: _weigh(data_dir, *words, seconds=options.pick(SETTLING_SECONDS, 1)),
        unit="MiB",
        target=IDLE_MEMORY,
        note="proportional set size of all that `up` runs, each web worker having served; `uv run` itself apart",
    )


def _start(data_dir: DataDir, *words: str) -> Figure:
    began = time.monotonic()
    with _market(data_dir, *words):
        return Figure(time.monotonic() - began)


def _weigh(data_dir: DataDir, *words: str, seconds: float) -> Figure:
    with _market(data_dir, *words) as market:
        for _ in range(VISITS):  # a connection each: the kernel hands them to all web workers
            _see_home_page(market)
        time.sleep(seconds)
        sizes = weigh_parts(market)
        return Figure(sum(sizes.values()), facts={"mib_by_part": sizes})


@contextmanager
def _market(data_dir: DataDir, *words: str) -> Iterator[MarketProcess]:
    """A running market whose home page has been seen."""
    market = MarketProcess(data_dir, free_port(), free_port(), *words, timeout=600)
    try:
        market.wait_for_banner()
        _see_home_page(market)
        yield market
    finally:
        market.end()


def _see_home_page(market: MarketProcess) -> None:
    host = {"Host": f"kasuwa.localhost:{market.port}"}
    httpx.get(f"http://127.0.0.1:{market.port}/", headers=host, timeout=30).raise_for_status()
