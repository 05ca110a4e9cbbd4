"""After the storm: everything is brought to its end, then counted."""

from __future__ import annotations

import json
import subprocess
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus

import httpx
from django.db import OperationalError, connection
from django.utils import timezone
from psycopg import sql

from catalogue.discovery.models import ListingVariant
from catalogue.services.products import create_products
from checkout.ending.expire_orders import expire_reservations
from checkout.models import Order, OrderStatus, Payment, PaymentStatus, Refund, RefundStatus
from checkout.payments.poll_payments import poll_open_payments
from checkout.refunds.push_refunds import push_open_refunds
from kit.db.sql import fetch_all, qualified
from runtime.datadir import DataDir
from tests.bench.chaos.buyers import Seen
from tests.bench.market import STOCK, Market, build, product
from tests.world.market_process import command, environment
from webhooks.models import InboundEvent, InboundStatus
from webhooks.services import process_next

SETTLING_SECONDS = 180.0
LATER = timedelta(hours=2)  # every reservation is over, every next try is due
SHELVES = sql.SQL("SELECT variant_id, on_hand, reserved FROM {}")
CONSUMED = sql.SQL(
    "SELECT l.variant_id, sum(l.quantity) FROM {lines} l JOIN {orders} o ON o.id = l.vendor_order_id"
    " WHERE o.stock_state = 'consumed' GROUP BY 1"
)
TWICE = """
SELECT count(*) FROM (
    SELECT order_id FROM public.checkout_payment WHERE captured_minor > 0
    GROUP BY order_id HAVING sum(captured_minor) > min(amount_minor)
) paid
WHERE NOT EXISTS (SELECT FROM public.checkout_refund r JOIN public.checkout_payment p ON p.id = r.payment_id
                   WHERE p.order_id = paid.order_id)
"""


@dataclass(frozen=True, slots=True)
class Count:
    """Counts of faults: all zero for a good run.

    Args:
        oversold: units that were sold and never there.
        lost: orders that a buyer was told of and that are not there, and charges at the provider that nobody booked.
        double: orders beyond one for a key, and captures beyond one for an order that were not given back.
        findings: of `manage.py audit_money`.
        unsettled: payments, refunds and events that did not come to an end.
    """

    oversold: int
    lost: int
    double: int
    findings: int
    unsettled: int
    orders: int
    paid: int


def open_shops(*, shops: int, products: int, hot_units: int) -> tuple[Market, dict[str, int], str]:
    """Open shops; return them, what is there of each variant, and the one of which there is little."""
    goods = build(shops=shops, products=products)
    [made] = create_products(shop=goods.shops[0], products=[product(10_000, on_hand=hot_units)], now=timezone.now())
    hot = str(ListingVariant.objects.get(listing_id=made.pk).pk)
    return goods, {str(each.variant_id): STOCK for each in goods.goods} | {hot: hot_units}, hot


def settle(sandbox: str) -> None:
    """Bring payments, refunds, events and reservations to their end, as the rounds of the next hours would."""
    httpx.delete(f"{sandbox}/sandbox/faults", timeout=10)
    deadline = time.monotonic() + SETTLING_SECONDS
    while time.monotonic() < deadline:
        try:
            _do_all_rounds(timezone.now() + LATER)
            if not unsettled():
                return
        except OperationalError:  # a connection from before the storm
            connection.close()
        time.sleep(1)


def _do_all_rounds(now: datetime) -> None:
    poll_open_payments(now=now)
    push_open_refunds(now=now)
    expire_reservations(now=now)
    while process_next(now=now):
        pass


def unsettled() -> int:
    """Return how many orders, refunds and events wait."""
    return (
        Order.objects.filter(status=OrderStatus.PENDING).count()
        + Refund.objects.filter(status__in=[RefundStatus.REQUESTED, RefundStatus.SENT]).count()
        + InboundEvent.objects.filter(status=InboundStatus.RECEIVED).count()
    )


def count(*, market: Market, seen: Seen, sandbox: str, data_dir: DataDir, stock: dict[str, int]) -> Count:
    """Count everything.

    Args:
        stock: what was there of each variant in the beginning.
    """
    told = {number for numbers in seen.orders.values() for number in numbers}
    there = set(Order.objects.filter(number__in=told).values_list("number", flat=True))
    with connection.cursor() as cursor:
        cursor.execute(TWICE)
        captured_twice = int(cursor.fetchone()[0])
    doubled = sum(max(len(numbers) - 1, 0) for numbers in seen.orders.values())
    return Count(
        oversold=_oversold(market, stock),
        lost=len(told - there) + _unbooked(sandbox),
        double=doubled + captured_twice,
        findings=_audit(data_dir),
        unsettled=unsettled(),
        orders=Order.objects.count(),
        paid=Order.objects.filter(paid_at__isnull=False).count(),
    )


def _oversold(market: Market, stock: dict[str, int]) -> int:
    """Return by how many units shelves and orders differ from what was there, whichever way."""
    wrong = 0
    for shop in market.shops:
        names = {
            "lines": qualified(shop.schema_name, "fulfilment_vendororderline"),
            "orders": qualified(shop.schema_name, "fulfilment_vendororder"),
        }
        consumed = {str(variant): int(units) for variant, units in fetch_all(CONSUMED.format(**names))}
        for variant, on_hand, reserved in fetch_all(
            SHELVES.format(qualified(shop.schema_name, "catalogue_stocklevel"))
        ):
            left = stock.get(str(variant), 0) - consumed.get(str(variant), 0)
            wrong += abs(left - on_hand) + abs(reserved) + max(-left, 0)
    return wrong


AT_ONCE = 100


def _unbooked(sandbox: str) -> int:
    """Return how many charges the provider has that no payment has captured."""
    charged: set[str] = set()
    page = 1
    while True:
        asked: dict[str, str | int] = {"status": "success", "perPage": AT_ONCE, "page": page}
        answer = httpx.get(f"{sandbox}/transaction", params=asked, headers=_key(), timeout=30)
        if answer.status_code != HTTPStatus.OK:
            raise RuntimeError(f"The sandbox did not list its charges: {answer.text[:200]}")
        rows = answer.json()["data"]
        charged |= {row["reference"] for row in rows}
        if len(rows) < AT_ONCE:
            break
        page += 1
    booked = Payment.objects.filter(captured_minor__gt=0).exclude(status=PaymentStatus.MISMATCHED)
    return len(charged - set(booked.values_list("reference", flat=True)))


def _key() -> dict[str, str]:
    from django.conf import settings

    return {"Authorization": f"Bearer {settings.PAYSTACK_SECRET_KEY}"}


def _audit(data_dir: DataDir) -> int:
    words = command("audit_money", "--json")
    answer = subprocess.run(words, env=environment(data_dir), capture_output=True, text=True, check=False)
    if not answer.stdout:
        raise RuntimeError(f"The audit failed: {answer.stderr[-2000:]}")
    report = json.loads(answer.stdout.splitlines()[-1])
    return sum(int(check["total"]) for check in report["checks"]) + (not report["complete"])
