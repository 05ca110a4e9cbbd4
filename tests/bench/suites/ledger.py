"""The ledger: an audit of 100,000 journals; then, on top of them, sales posted a second and balances read."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from functools import partial

from payouts.audit import run_audit
from payouts.selectors.balances import balances_of, shop_balances
from tests.bench import market, pgbench, sales, service
from tests.bench.core.measure import compare
from tests.bench.core.options import Options
from tests.bench.core.results import Figure, Result, Run, Target, percentiles
from tests.bench.core.stand import Stand
from tests.world.clock import NOW

TARGETS = {
    # A journal's share of an audit, against a tenth as many: n log n, as sorting and hashing, is 1.25 here.
    "linear": Target("ratio", at_most=1.25),
}
SALE = "a sale is a journal of four legs, a shop's balance, and one commit"


def run(stand: Stand, options: Options) -> Iterator[Result]:
    """Measure auditing, posting and reading."""
    stand.migrate()
    town = market.build(shops=options.pick(50, 3), products=options.pick(500, 6))
    shops = [shop.pk for shop in town.shops]
    sales.prepare(town.goods)
    few, many = options.pick((10_000, 100_000), (100, 1_000))
    sales.fill(1, few)
    before = _audit(few, options)
    yield before
    sales.fill(few + 1, many)
    after = _audit(many, options)
    yield after
    yield _per_journal(after, many, before, few, target=None if options.quick else TARGETS["linear"])
    script = sales.posting_script(stand.folder, goods=len(town.goods))
    for processes in options.pick((1, 2), (2,)):
        with service.crew("post_sales", processes=processes, arguments={"shops": shops}) as crew:
            yield compare(
                f"ledger/postings/{processes}-processes",
                partial(crew.go, options.seconds),
                partial(pgbench.run, [script], clients=processes, seconds=options.seconds),
                unit="sales/s",
                rounds=options.rounds,
                yardstick_name="pgbench writing the same rows",
                note=SALE,
            )
    yield compare(
        "ledger/balance-of-a-shop",
        lambda: _rate(lambda number: shop_balances(shop_id=shops[number % len(shops)]), options.seconds / 2),
        unit="reads/s",
        rounds=options.rounds,
    )
    yield compare(
        "ledger/balances-of-all-shops",
        lambda: _rate(lambda _: balances_of(shop_ids=shops), options.seconds / 2),
        unit="reads/s",
        rounds=options.rounds,
    )


def _audit(journals: int, options: Options) -> Result:
    return compare(
        f"ledger/audit/{journals}-journals",
        _books,
        unit="s",
        rounds=options.pick(3, 1),
        note="audit_money without the provider, over orders, payments, shops' records and ledger; it must find nothing",
    )


def _per_journal(after: Result, many: int, before: Result, few: int, *, target: Target | None) -> Result:
    """Return the time per journal in the larger audit, beside that in the smaller one."""
    share = max(run.others_share for run in (*after.runs, *before.runs))
    run = Run(Figure(after.value / many * 1e6), Figure(before.value / few * 1e6), share)
    return Result(
        name=f"ledger/audit/{many}-over-{few}",
        unit="µs a journal",
        runs=(run,),
        is_valid=after.is_valid and before.is_valid,
        yardstick_name=f"the same with {few:,} journals",
        target=target,
        note="the time of an audit over its journals; an audit sorts and hashes, which is n log n",
    )


def _books() -> Figure:
    began = time.perf_counter()
    report = run_audit(with_provider=False, now=NOW)
    seconds = time.perf_counter() - began
    wrong = [check for check in report.results if check.total]
    off = tuple(f"{check.name}: {check.total} off, such as {check.findings[:1]}" for check in wrong)
    return Figure(seconds, problems=off)


def _rate(work: Callable[[int], object], seconds: float) -> Figure:
    began, number, took = time.perf_counter(), 0, []
    while (start := time.perf_counter()) - began < seconds:
        work(number)
        took.append((time.perf_counter() - start) * 1000)
        number += 1
    return Figure(number / (time.perf_counter() - began), {"done": percentiles(took)})
