"""Checkout over HTTP: a guest fills a basket at one or three shops and orders it, also with coupon, zones and tax."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from tests.bench import market
from tests.bench.core.measure import against, compare
from tests.bench.core.options import Options
from tests.bench.core.results import Figure, Result, Target
from tests.bench.core.stand import FLOOR_PRODUCTS, Stand, load, rate

TARGETS = {
    (1, 8): Target("ratio", at_least=0.30),
    "three shops": Target("ratio", at_least=0.60),
    "all terms": Target("ratio", at_least=0.25),
}
NOTE = (
    "orders a second; an order is the request that fills the basket, of all shops, and the one that places the order, "
    "asks the provider (a stub that answers at once) for a payment page and stores it"
)


def run(stand: Stand, options: Options) -> Iterator[Result]:
    """Measure 1 and 3 shops a basket at 1, 8 and 32 clients."""
    stand.migrate()
    goods = market.build(shops=options.pick(50, 6), products=options.pick(2000, 60))
    stand.provider()
    web, floor = stand.web(), stand.floor()
    shelves = goods.shelves()

    asked = partial(_rate, seconds=options.request_seconds)

    def ours(shops: int, clients: int, *, reuse: bool = True, **terms: Any) -> Figure:
        arguments = {"host": stand.host, "shelves": shelves, "shops": shops, **terms}
        return asked(port=web, scenario="checkout", arguments=arguments, clients=clients, reuse=reuse)

    def yardstick(clients: int, *, reuse: bool = True) -> Figure:
        arguments = {"host": "localhost", "products": FLOOR_PRODUCTS}
        return asked(port=floor, scenario="floor_order", arguments=arguments, clients=clients, reuse=reuse)

    beside_floor = partial(
        compare,
        unit="orders/s",
        rounds=options.rounds,
        yardstick_name="floor: order view of three statements",
        throw_first=True,  # a web server loads its provider with the first order
    )
    by_case: dict[tuple[int, int], Result] = {}
    for shops in (1, 3):
        for clients in options.clients:
            result = beside_floor(
                f"checkout/{shops}-shop/{clients}-clients",
                partial(ours, shops, clients),
                partial(yardstick, clients),
                target=TARGETS.get((shops, clients)),
                note=NOTE,
            )
            by_case[shops, clients] = result
            yield result
    if 8 in options.clients:
        name = "checkout/3-shop-over-1-shop/8-clients"
        yield against(name, by_case[3, 8], by_case[1, 8], target=TARGETS["three shops"])
    if not options.quick:
        yield beside_floor(
            "checkout/1-shop/8-clients/new-connections",
            lambda: ours(1, 8, reuse=False),
            lambda: yardstick(8, reuse=False),
            note="a new connection for each request, as the peers were measured",
        )
    codes = market.add_terms(goods)  # the last, since it changes the shops
    yield beside_floor(
        "checkout/1-shop/8-clients/coupon-zones-tax",
        lambda: ours(1, 8, codes=codes),
        lambda: yardstick(8),
        target=TARGETS["all terms"],
        note="the shops charge tax and deliver by zones, and every order has a coupon of its shop",
    )


def _rate(**load_of: Any) -> Figure:
    return rate(load(**load_of))
