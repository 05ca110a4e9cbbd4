"""Placing the orders through checkout's own service, and paying them through the provider's webhooks."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

import httpx
from django.utils import timezone

from catalogue.services.prices import set_price
from checkout.models import Order, OrderStatus, Payment, PaymentStatus
from checkout.payments.start_payment import start_payment
from checkout.placing.place_order import place_order
from checkout.placing.request import Address, Buyer, OrderRequest
from checkout.pricing.lines import CartLine
from kit.work.idempotency import find
from replay.onboarding import Market
from replay.source import SourceOrder
from tenants.shops.profile import update_profile

SCOPE = "replay"
BUYER = Buyer(email="replay@example.com")
ADDRESS = Address(
    name="Replayed order", line1="1 Market Road", city="Ikeja", state="Lagos", country="NG", phone="+2348030000000"
)
IN_FLIGHT = 40
WAIT_SECONDS = 120.0
POLL_SECONDS = 0.05
ENDED = (OrderStatus.EXPIRED, OrderStatus.CANCELLED)


class ReplayError(Exception):
    """The replay cannot continue; the message names the reason."""


@dataclass(slots=True)
class Replayer:
    """Places and pays orders one after the other; payments settle in the worker meanwhile."""

    market: Market
    sandbox: httpx.Client
    advance: Callable[[], None]

    def run(self, orders: tuple[SourceOrder, ...]) -> None:
        """Bring every order to "paid"; what an earlier run did is not done again.

        Raises:
            ReplayError: a payment does not settle.
        """
        waiting: set[str] = set()
        for source in orders:
            order = self._placed(source, now=timezone.now())
            if order.status == OrderStatus.PENDING:
                self._pay(order)
                waiting.add(order.number)
            self.advance()
            if len(waiting) >= IN_FLIGHT:
                waiting = self._settle(waiting, leave=IN_FLIGHT // 2)
        self._settle(waiting, leave=0)

    def _placed(self, source: SourceOrder, *, now: datetime) -> Order:
        """Return our order for a replayed one; place it unless an earlier run did."""
        for key in _keys(source.id):
            request = OrderRequest(
                buyer=BUYER, shipping_address=ADDRESS, billing_address=ADDRESS, scope=SCOPE, request_key=key
            )
            number = find(request.idempotency_key)
            if number is None:
                return self._place(source, request, now=now)
            order = Order.objects.get(number=number)
            if order.status not in ENDED:
                return order
        raise AssertionError("keys never end")

    def _place(self, source: SourceOrder, request: OrderRequest, *, now: datetime) -> Order:
        for seller_id, freight_minor in source.freight().items():
            shop = self.market.shops[seller_id]
            if shop.shipping_minor != freight_minor:
                changed = update_profile(shop_id=shop.pk, actor_id=None, now=now, shipping_minor=freight_minor)
                self.market.shops[seller_id] = changed
        lines = []
        prices = source.prices()
        for sku, quantity in source.quantities().items():
            shelf = self.market.shelves[sku]
            if shelf.price_minor != prices[sku]:
                set_price(shop=shelf.shop, variant_id=shelf.variant_id, price_minor=prices[sku], now=now)
                shelf.price_minor = prices[sku]
            lines.append(CartLine(shelf.variant_id, shelf.shop.pk, quantity, prices[sku]))
        return place_order(lines=lines, request=request, now=now).order

    def _pay(self, order: Order) -> None:
        payment = start_payment(order_id=order.pk, now=timezone.now())
        answer = self.sandbox.post(f"/sandbox/transactions/{payment.reference}/pay", json={})
        if answer.is_error and not _is_paid_already(answer):
            raise ReplayError(f"The sandbox refused the payment of {order.number}: {answer.text[:200]}")

    def _settle(self, waiting: set[str], *, leave: int) -> set[str]:
        """Wait until at most `leave` of the orders are unpaid.

        Raises:
            ReplayError: nothing settles any more.
        """
        quiet_since = time.monotonic()
        while True:
            pending = Order.objects.filter(number__in=waiting, status=OrderStatus.PENDING)
            still = set(pending.values_list("number", flat=True))
            if len(still) < len(waiting):
                quiet_since = time.monotonic()
            waiting = still
            if len(waiting) <= leave:
                return waiting
            if time.monotonic() - quiet_since > WAIT_SECONDS:
                raise ReplayError(_complaint(waiting))
            time.sleep(POLL_SECONDS)


def _keys(order_id: str) -> Iterator[str]:
    yield order_id
    attempt = 2
    while True:
        yield f"{order_id}:{attempt}"
        attempt += 1


def _is_paid_already(answer: httpx.Response) -> bool:
    return "already" in answer.text.lower()


def _complaint(numbers: set[str]) -> str:
    captured = Payment.objects.filter(order__number__in=numbers, status=PaymentStatus.CAPTURED).count()
    return (
        f"{len(numbers)} orders were not paid within {WAIT_SECONDS:.0f} s ({captured} captured). "
        "Is a worker running, and does the sandbox reach the market's webhook address?"
    )
