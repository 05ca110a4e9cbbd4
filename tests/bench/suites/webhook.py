"""Events of the payment provider: taken in a second, and the way from an event to a paid order."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx
from django.conf import settings
from django.db import connection
from django.utils import timezone

from checkout.payments.start_payment import start_payment
from checkout.placing.place_order import place_order
from checkout.placing.request import Address, Buyer, OrderRequest
from checkout.pricing.lines import CartLine
from kit.ids import uuid7
from tests.bench import market
from tests.bench.core.measure import compare, found
from tests.bench.core.options import Options
from tests.bench.core.results import Figure, Result, Target, percentiles
from tests.bench.core.stand import FLOOR_PRODUCTS, Stand, load, rate
from tests.bench.scenarios import ADDRESS

CLIENTS = 8
IN_FLIGHT = 8
POLL_SECONDS = 0.005
TIMEOUT_SECONDS = 60.0
TAKEN_IN = Target("ratio", at_least=0.6)
PAID_WITHIN = Target("value", at_most=1000)
EVENT = {
    "event": "charge.success",
    "data": {
        "id": 302961,
        "domain": "test",
        "status": "success",
        "amount": 1000000,
        "currency": "NGN",
        "channel": "card",
        "gateway_response": "Approved by Financial Institution",
        "paid_at": "2026-03-02T09:30:00.000Z",
        "customer": {"email": "buyer@example.com", "customer_code": "CUS_qo38as2hpsgk2r0"},
        "authorization": {"last4": "4081", "bank": "TEST BANK", "country_code": "NG", "brand": "visa"},
    },
}
STILL_PENDING = "SELECT number FROM checkout_order WHERE number = ANY(%s) AND status = 'pending'"


def run(stand: Stand, options: Options) -> Iterator[Result]:
    """Measure taking in, without a worker; then the whole way, with one."""
    stand.migrate()
    goods = market.build(shops=options.pick(10, 2), products=options.pick(100, 4))
    web, floor = stand.web(), stand.floor()

    def events() -> Figure:
        arguments = {"host": stand.host, "event": EVENT, "secret": settings.PAYSTACK_SECRET_KEY}
        seen = load(port=web, scenario="webhook", arguments=arguments, clients=CLIENTS, seconds=options.request_seconds)
        return rate(seen)

    def one_query() -> Figure:
        paths = [f"/one/{number}/" for number in range(1, FLOOR_PRODUCTS, 17)]
        arguments = {"host": "localhost", "paths": paths}
        return rate(
            load(port=floor, scenario="read", arguments=arguments, clients=CLIENTS, seconds=options.request_seconds)
        )

    yield compare(
        f"webhook/taken-in/{CLIENTS}-clients",
        events,
        one_query,
        unit="events/s",
        rounds=options.rounds,
        throw_first=True,
        yardstick_name="floor: one-query view",
        target=TAKEN_IN,
        note="signature checked, stored durably, task queued, answered with 200",
    )
    _forget_events()
    stand.sandbox()
    stand.worker()
    whole = compare(
        f"webhook/to-paid/{IN_FLIGHT}-in-flight",
        lambda: _pay(goods, options.pick(200, 16)),
        unit="paid/s",
        rounds=options.pick(3, 1),
        throw_first=True,
        note="from the buyer's click at the provider to the paid order: event sent and taken in, task, the provider "
        "asked, money booked, stock consumed; the sandbox's own work is included",
    )
    yield whole
    slowest = whole.latency_ms()["paid"]["p95"]
    yield found("webhook/to-paid/p95", slowest, unit="ms", like=whole, target=PAID_WITHIN)


def _forget_events() -> None:
    """Leave the worker nothing of the flood to do."""
    from kit.db import redis

    redis.client().flushdb()
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE webhooks_inboundevent")


def _pay(goods: market.Market, count: int) -> Figure:
    """Pay orders, so many at once, each as soon as one before it is paid."""
    orders = [_order(goods, number) for number in range(count)]
    waiting = list(orders)
    flying: dict[str, float] = {}
    took: list[float] = []
    began = last = time.perf_counter()
    with ThreadPoolExecutor(IN_FLIGHT) as pool, httpx.Client(base_url=os.environ["PAYSTACK_BASE_URL"]) as sandbox:
        while waiting or flying:
            while waiting and len(flying) < IN_FLIGHT:
                number, reference = waiting.pop()
                flying[number] = time.perf_counter()
                pool.submit(sandbox.post, f"/sandbox/transactions/{reference}/pay", json={})
            time.sleep(POLL_SECONDS)
            pending = _pending(list(flying))
            now = time.perf_counter()
            for number in [each for each in flying if each not in pending]:
                took.append((now - flying.pop(number)) * 1000)
                last = now
            if now - last > TIMEOUT_SECONDS:
                return Figure(0, problems=(f"{len(flying)} payments did not settle",))
    return Figure(count / (last - began), {"paid": percentiles(took)}, {"orders": count})


def _pending(numbers: list[str]) -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(STILL_PENDING, [numbers])
        return {row[0] for row in cursor.fetchall()}


def _order(goods: market.Market, number: int) -> tuple[str, str]:
    """Place an order and open its payment; returns its number and the payment's reference."""
    item = goods.goods[number % len(goods.goods)]
    address = Address(**ADDRESS)
    key = uuid7().hex
    request = OrderRequest(
        buyer=Buyer(email="buyer@example.com"),
        shipping_address=address,
        billing_address=address,
        scope="checkout:bench",
        request_key=key,
    )
    line = CartLine(item.variant_id, item.shop_id, 1, item.price_minor)
    order = place_order(lines=[line], request=request, now=timezone.now()).order
    return order.number, start_payment(order_id=order.pk, now=timezone.now()).reference
