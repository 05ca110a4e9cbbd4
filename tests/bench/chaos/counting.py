"""After the storm: everything is brought to its end, then counted."""

from __future__ import annotations

import itertools
import json
import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any

import httpx
from django.db import OperationalError, connection
from django.db.models import Count as CountOf
from django.utils import timezone
from psycopg import sql

from catalogue.discovery.models import ListingVariant
from catalogue.services.products import create_products
from checkout.disputes.pushing import ask_about_disputes, find_missed_disputes
from checkout.ending.expire_orders import expire_reservations
from checkout.models import (
    Order,
    OrderStatus,
    Payment,
    PaymentStatus,
    Refund,
    RefundStatus,
    Return,
    ReturnStatus,
    ReversedBy,
)
from checkout.payments.poll_payments import poll_open_payments
from checkout.refunds.push_refunds import push_open_refunds
from checkout.refunds.requests import retry_refund
from checkout.returning.receive_return import Receipt, receive_return
from checkout.reversals.reverse import Actor
from kit.db.sql import fetch_all, qualified
from kit.errors import DomainError
from payouts.models import (
    OPEN_PAYOUTS,
    UNDECIDED,
    Difference,
    Dispute,
    Journal,
    JournalKind,
    Payout,
    PayoutRun,
    PayoutStatus,
    Place,
    RunStatus,
    Transfer,
)
from payouts.reconciliation.run import reconcile
from payouts.release.round import run_round
from payouts.runs.approve import approve_run
from payouts.runs.create import create_runs
from payouts.runs.errors import NothingToPayError
from payouts.runs.poll_transfers import ask_about_transfers
from payouts.runs.send import send_runs
from runtime.datadir import DataDir
from tests.bench.chaos.calling import Seen
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
        unsettled: payments, refunds, payouts and events that did not come to an end.
        paid_wrongly: transfers that only one side knows as paid, payouts that were paid by more than one, and captured
            payments that were not booked as exactly one sale.
        differences: between the provider's records and the ledger.
    """

    oversold: int
    lost: int
    double: int
    findings: int
    unsettled: int
    paid_wrongly: int
    differences: int
    orders: int
    paid: int
    payouts: int
    refunds: int
    returns: int
    disputes: int


def open_shops(*, shops: int, products: int, hot_units: int) -> tuple[Market, dict[str, int], str]:
    """Open shops; return them, what is there of each variant, and the one of which there is little."""
    goods = build(shops=shops, products=products)
    [made] = create_products(shop=goods.shops[0], products=[product(10_000, on_hand=hot_units)], now=timezone.now())
    hot = str(ListingVariant.objects.get(listing_id=made.pk).pk)
    return goods, {str(each.variant_id): STOCK for each in goods.goods} | {hot: hot_units}, hot


def settle(sandbox: str, operator_id: int) -> None:
    """Bring payments, refunds, payouts, events and reservations to their end, as the next hours would.

    Args:
        operator_id: who approves the runs that wait, and has what failed sent again.
    """
    httpx.delete(f"{sandbox}/sandbox/faults", timeout=10)
    _pay_out_the_rest(timezone.now() + LATER)
    deadline = time.monotonic() + SETTLING_SECONDS
    while time.monotonic() < deadline:
        try:
            _do_all_rounds(sandbox, timezone.now() + LATER, operator_id)
            if not unsettled():
                return
        except OperationalError:  # a connection from before the storm
            connection.close()
        time.sleep(1)


def _pay_out_the_rest(now: datetime) -> None:
    """Release what was delivered, and pay out what is available."""
    try:
        run_round(now=now)
        create_runs(now=now)
    except NothingToPayError:
        return
    except OperationalError:  # as below
        connection.close()
        _pay_out_the_rest(now)


def _do_all_rounds(sandbox: str, now: datetime, operator_id: int) -> None:
    poll_open_payments(now=now)
    push_open_refunds(now=now)
    expire_reservations(now=now)
    find_missed_disputes(now=now)
    for dispute in Dispute.objects.filter(status__in=UNDECIDED):
        path = f"{sandbox}/sandbox/disputes/{dispute.provider_id}/finish"
        httpx.post(path, json={"resolution": "auto-accepted"}, timeout=10)
    ask_about_disputes(now=now)
    for returned in Return.objects.filter(status=ReturnStatus.ACCEPTED):
        with suppress(DomainError):  # its payment is disputed, or nothing is left of it
            receive_return(Receipt(returned.pk, Actor(ReversedBy.SHOP)), now=now)
    for refund in Refund.objects.filter(status=RefundStatus.FAILED):
        retry_refund(refund_id=refund.pk)
    for run in PayoutRun.objects.filter(status=RunStatus.WAITING):
        approve_run(run_id=run.pk, actor_id=operator_id, now=now)
    send_runs(now=now)
    ask_about_transfers(now=now)
    while process_next(now=now):
        pass


def unsettled() -> int:
    """Return how many orders, refunds, payouts, disputes and events wait."""
    return (
        Order.objects.filter(status=OrderStatus.PENDING).count()
        + Refund.objects.filter(status__in=[RefundStatus.REQUESTED, RefundStatus.SENT]).count()
        + InboundEvent.objects.filter(status=InboundStatus.RECEIVED).count()
        + Payout.objects.filter(status__in=OPEN_PAYOUTS).count()
        + Dispute.objects.filter(status__in=UNDECIDED).count()
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
        paid_wrongly=_paid_wrongly(sandbox),
        differences=_differences(),
        orders=Order.objects.count(),
        paid=Order.objects.filter(paid_at__isnull=False).count(),
        payouts=Payout.objects.filter(status=PayoutStatus.PAID).count(),
        refunds=Refund.objects.filter(status=RefundStatus.PROCESSED).count(),
        returns=Return.objects.filter(reversal__isnull=False).count(),
        disputes=Dispute.objects.count(),
    )


def _oversold(market: Market, stock: dict[str, int]) -> int:
    """Return by how many units shelves and orders differ from what was there, whichever way."""
    wrong, sent_back = 0, _sent_back()
    for shop in market.shops:
        names = {
            "lines": qualified(shop.schema_name, "fulfilment_vendororderline"),
            "orders": qualified(shop.schema_name, "fulfilment_vendororder"),
        }
        consumed = {str(variant): int(units) for variant, units in fetch_all(CONSUMED.format(**names))}
        for variant, on_hand, reserved in fetch_all(
            SHELVES.format(qualified(shop.schema_name, "catalogue_stocklevel"))
        ):
            left = stock.get(str(variant), 0) - consumed.get(str(variant), 0) + sent_back[str(variant)]
            wrong += abs(left - on_hand) + abs(reserved) + max(-left, 0)
    return wrong


def _sent_back() -> Counter[str]:
    """Return the units of each variant that are on the shelf again."""
    units: Counter[str] = Counter()
    for returned in Return.objects.filter(reversal__isnull=False):
        units.update(returned.lines)
        units.subtract(returned.written_off)
    return units


AT_ONCE = 100


def _unbooked(sandbox: str) -> int:
    """Return how many charges the provider has that no payment has captured."""
    charged = {row["reference"] for row in _listed(sandbox, "/transaction", status="success")}
    booked = Payment.objects.filter(captured_minor__gt=0).exclude(status=PaymentStatus.MISMATCHED)
    return len(charged - set(booked.values_list("reference", flat=True)))


def _paid_wrongly(sandbox: str) -> int:
    """Return how many transfers one side alone has paid, payouts were paid twice, and payments not booked once."""
    theirs = {row["reference"] for row in _listed(sandbox, "/transfer") if row["status"] == "success"}
    paid = Transfer.objects.filter(place__in=[Place.GONE, Place.LATE])
    twice = paid.values("payout").annotate(times=CountOf("pk")).filter(times__gt=1).count()
    captured = Payment.objects.filter(captured_minor__gt=0).values_list("reference", flat=True)
    sales = Counter(Journal.objects.filter(kind=JournalKind.SALE, source__in=captured).values_list("source", flat=True))
    unlike = sum(sales[reference] != 1 for reference in captured)
    return len(theirs ^ set(paid.values_list("reference", flat=True))) + twice + unlike


def _differences() -> int:
    """Return how many differences a comparison finds of all that has moved, an hour from now."""
    later = timezone.now() + timedelta(hours=1)
    reconcile(provider="paystack", since=later - timedelta(days=2), until=later, now=later)
    return Difference.objects.filter(ended_at=None).count()


def _listed(sandbox: str, path: str, **asked: str) -> Iterator[dict[str, Any]]:
    """Yield what the sandbox lists, page by page."""
    for page in itertools.count(1):
        query: dict[str, str | int] = {**asked, "perPage": AT_ONCE, "page": page}
        answer = httpx.get(f"{sandbox}{path}", params=query, headers=_key(), timeout=30)
        if answer.status_code != HTTPStatus.OK:
            raise RuntimeError(f"The sandbox did not list {path}: {answer.text[:200]}")
        rows = answer.json()["data"]
        yield from rows
        if len(rows) < AT_ONCE:
            return


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
