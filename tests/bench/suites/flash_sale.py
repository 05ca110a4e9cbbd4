"""A sale through a waiting room over HTTP: all buyers queue before it opens, and exactly what there was is sold."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import timedelta
from functools import partial

from django.utils import timezone

from catalogue.discovery.selectors.variants import variants_of
from catalogue.services.products import create_products
from checkout.waiting_room.open_rooms import open_room
from kit.db.sql import fetch_all, qualified
from tests.bench import market
from tests.bench.core.measure import compare, found, single
from tests.bench.core.options import Options
from tests.bench.core.results import Figure, Result, Target
from tests.bench.core.stand import Stand, load, rate
from tests.bench.suites.hot_sku import EXACT, PROMISED, STATE

PER_MINUTE = 6_000
# Until all buyers have taken a place: the sale opens then, so that their numbers are known to be all given.
OPENS_AFTER = timedelta(seconds=20)
CLIENTS_AT_READING = 8


def run(stand: Stand, options: Options) -> Iterator[Result]:
    """Hold one sale, then read the room while everything is sold, beside an empty view."""
    stand.migrate()
    goods = market.build(shops=2, products=options.pick(40, 4))
    stand.provider()
    stand.worker()
    web, floor = stand.web(), stand.floor()
    units, buyers = options.pick(100, 10), options.pick(2_000, 100)
    sale = _Sale(stand, web, goods, units=units, buyers=buyers)
    result = single(
        "flash-sale/sold",
        sale.hold,
        unit="orders/s",
        note=f"{buyers} buyers queue for {units} units and ask again without a pause; every unit is counted afterwards",
    )
    yield result
    wrong = sum(run.figure.facts["off_by"] + run.figure.facts["overtaken"] for run in result.runs)
    yield found("flash-sale/wrong", wrong, unit="units or buyers", like=result, target=EXACT)
    yield compare(
        "flash-sale/sold-out-answer",
        partial(_read, stand, web, sale.room, stand.host),
        partial(_read, stand, floor, "/hello/", stand.host),
        unit="ms, p95",
        yardstick_name="an empty view",
        rounds=options.pick(3, 1),
        throw_first=True,
        target=Target("ratio", at_most=3.0),
        note="the room's answer while everything is sold or reserved",
    )


class _Sale:
    """One sale of one variant."""

    def __init__(self, stand: Stand, port: int, goods: market.Market, *, units: int, buyers: int) -> None:
        self._stand, self._port, self._shop = stand, port, goods.shops[0]
        self._units, self._buyers = units, buyers
        now = timezone.now()
        [product] = create_products(shop=self._shop, products=[market.product(10_001, on_hand=units)], now=now)
        self._listing = product.pk
        [self._variant] = variants_of([product.pk])[product.pk]
        self.room = f"/api/v1/waiting-rooms/{product.pk}/"

    def hold(self) -> Figure:
        """Open the room, let all buyers come, and count what was sold."""
        now = timezone.now()
        times = {"opens_at": now + OPENS_AFTER, "closes_at": now + timedelta(hours=1)}
        open_room(shop=self._shop, listing_id=self._listing, per_minute=PER_MINUTE, now=now, **times)
        time.sleep(3.5)  # until every process knows it
        arguments = {"host": self._stand.host, "listing": str(self._listing), "variant": str(self._variant)}
        buyers = self._buyers
        seen = load(port=self._port, scenario="flash_sale", arguments=arguments, clients=buyers, operations=buyers)
        figure = rate(seen, accepts=("sold out", "overtaken"))
        schema = self._shop.schema_name
        on_hand, reserved = fetch_all(STATE.format(qualified(schema, "catalogue_stocklevel")), [self._variant])[0]
        lines = PROMISED.format(qualified(schema, "fulfilment_vendororderline"))
        promised = fetch_all(lines, [self._variant])[0][0]
        sold, overtaken = seen["operations"].get("done", 0), seen["operations"].get("overtaken", 0)
        counted = {"units": self._units, "sold": sold, "on_hand": on_hand, "reserved": reserved, "promised": promised}
        off_by = max(abs(self._units - count) for count in counted.values())
        facts = figure.facts | counted | {"off_by": off_by, "overtaken": overtaken}
        return Figure(figure.value, figure.latency_ms, facts, figure.problems)


def _read(stand: Stand, port: int, path: str, host: str) -> Figure:
    arguments = {"host": host, "paths": [path]}
    figure = rate(load(port=port, scenario="read", arguments=arguments, clients=CLIENTS_AT_READING, seconds=3))
    return Figure(figure.latency_ms["read"]["p95"], figure.latency_ms, figure.facts, figure.problems)
