"""A flash sale over HTTP: one variant, more buyers than units. Exactly what there was is sold."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from django.db import connection
from django.utils import timezone
from psycopg import sql

from catalogue.services.products import create_products
from kit.db.sql import fetch_all, qualified
from tests.bench import market, pgbench
from tests.bench.core.measure import compare, found
from tests.bench.core.options import Options
from tests.bench.core.results import Figure, Result, Target
from tests.bench.core.stand import Stand, load, rate

EXACT = Target("value", at_least=0, at_most=0)
STATE = sql.SQL("SELECT on_hand, reserved FROM {} WHERE variant_id = %s")
PROMISED = sql.SQL("SELECT COALESCE(sum(quantity), 0) FROM {} WHERE variant_id = %s")


def run(stand: Stand, options: Options) -> Iterator[Result]:
    """Sell out one variant after another, with 1, 8 and 32 clients."""
    stand.migrate()
    goods = market.build(shops=2, products=options.pick(40, 4))
    stand.provider()
    web = stand.web()
    sale = _Sale(stand, web, goods, units=options.pick(200, 20))
    for clients in options.pick((1, 8, 32), (8,)):
        result = compare(
            f"hot-sku/{clients}-clients",
            partial(sale.hold, clients),
            unit="orders/s",
            rounds=options.pick(3, 1),
            note=(
                "twice as many buyers as units: `done` is who got one, basket and payment page included, `sold out` "
                "who did not; every unit is counted afterwards in stock, orders and the shop's own record"
            ),
        )
        yield result
        wrong = sum(run.figure.facts["off_by"] + run.figure.facts["deadlocks"] for run in result.runs)
        yield found(f"hot-sku/{clients}-clients/wrong", wrong, unit="units", like=result, target=EXACT)


class _Sale:
    """Flash sales of a new variant each."""

    def __init__(self, stand: Stand, port: int, goods: market.Market, *, units: int) -> None:
        self._stand = stand
        self._port = port
        self._shop = goods.shops[0]
        self._units = units
        self._number = 10_000

    def hold(self, clients: int) -> Figure:
        """Sell one variant out, and count."""
        variant = self._new_variant()
        arguments = {"host": self._stand.host, "shelves": [[variant]], "shops": 1}
        deadlocks = pgbench.deadlocks()
        operations = self._units * 2
        seen = load(port=self._port, scenario="checkout", arguments=arguments, clients=clients, operations=operations)
        figure = rate(seen, accepts=("sold out",))
        sold = seen["operations"].get("done", 0)
        schema = self._shop.schema_name
        on_hand, reserved = fetch_all(STATE.format(qualified(schema, "catalogue_stocklevel")), [variant])[0]
        promised = fetch_all(PROMISED.format(qualified(schema, "fulfilment_vendororderline")), [variant])[0][0]
        counted = {"units": self._units, "sold": sold, "on_hand": on_hand, "reserved": reserved, "promised": promised}
        off_by = max(abs(self._units - count) for count in counted.values())
        facts = figure.facts | counted | {"off_by": off_by, "deadlocks": pgbench.deadlocks() - deadlocks}
        wrong = (f"not exactly {self._units}: {counted}",) if off_by else ()
        return Figure(figure.value, figure.latency_ms, facts, (*figure.problems, *wrong))

    def _new_variant(self) -> str:
        self._number += 1
        [product] = create_products(
            shop=self._shop, products=[market.product(self._number, on_hand=self._units)], now=timezone.now()
        )
        with connection.cursor() as cursor:
            cursor.execute("SELECT id FROM discovery_listingvariant WHERE listing_id = %s", [product.pk])
            return str(cursor.fetchone()[0])
