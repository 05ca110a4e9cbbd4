"""Placing orders without HTTP, beside pgbench writing the same rows; and one hot variant beside many."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from tests.bench import market, pgbench, service
from tests.bench.core.measure import compare
from tests.bench.core.options import Options
from tests.bench.core.results import Result, Target
from tests.bench.core.stand import Stand

OF_PGBENCH = Target("ratio", at_least=0.40)
OF_SPREAD = Target("ratio", at_least=0.90)
NOTE = "one shop an order; `place_order` alone, without basket and payment page, all rows committed with fsync"


def run(stand: Stand, options: Options) -> Iterator[Result]:
    """Measure 2 and 8 processes."""
    stand.migrate()
    goods = market.build(shops=options.pick(50, 4), products=options.pick(2000, 20)).goods
    scripts = pgbench.prepare(goods, stand.folder / "scripts")
    spread = [(str(each.variant_id), each.shop_id, each.price_minor) for each in goods]
    seconds = options.seconds
    for processes in options.pick((2, 8), (2,)):
        with service.crew("place_orders", processes=processes, arguments={"goods": spread}) as crew:
            yield compare(
                f"checkout-service/{processes}-processes",
                partial(crew.go, seconds),
                partial(pgbench.run, scripts, clients=processes, seconds=seconds),
                unit="orders/s",
                rounds=options.rounds,
                yardstick_name="pgbench, the same rows, prepared statements",
                target=OF_PGBENCH,
                note=NOTE,
            )
            yield compare(
                f"checkout-service/hot-variant/{processes}-processes",
                partial(crew.go, seconds, goods=spread[:1]),
                partial(crew.go, seconds),
                unit="orders/s",
                rounds=options.rounds,
                yardstick_name="the same, spread over all variants",
                target=OF_SPREAD,
            )
    one = pgbench.prepare(goods[:1], stand.folder / "scripts")
    yield compare(
        "checkout-service/pgbench-hot-row/8-clients",
        lambda: pgbench.run(one, clients=8, seconds=seconds),
        unit="orders/s",
        rounds=options.rounds,
        note="the database's own limit on one row",
    )
