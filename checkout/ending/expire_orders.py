"""Ending the orders whose time is over, each by itself; one whose payment is unclear waits a while."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from checkout.ending.end_orders import end_order
from checkout.events import OrderExpired
from checkout.models import Order, OrderStatus
from checkout.orders.selectors import lock_order
from checkout.payments.ask_before_ending import SilentProviders, UnclearPaymentError, ask_about_payments
from gateway.guard import refuse_inside_transaction
from kit.work import leased, outbox, rounds
from kit.work.jobs import wake


def _overdue(now: datetime) -> Q:
    return Q(status=OrderStatus.PENDING, expires_at__lte=now)


# Never given up: what was kept for a buyer must come back to the shelves.
EXPIRING = leased.Kind(
    model=Order,
    lease=timedelta(minutes=2),
    back_off=leased.BackOff(first=timedelta(seconds=30), cap=timedelta(minutes=5)),
    waiting=_overdue,
    given_up=lambda _: {},
    expected=(UnclearPaymentError,),
)


@dataclass(slots=True)
class _Round:
    """One round under way: its time, the providers that were found silent, and how many orders it has ended."""

    now: datetime
    silent: SilentProviders = field(default_factory=SilentProviders)
    ended: list[Order] = field(default_factory=list)

    def expire(self, order: Order) -> None:
        """End an order unless it turns out to be paid.

        Raises:
            UnclearPaymentError: a payment is still unclear, and there is time left to ask again.
        """
        try:
            ask_about_payments(order_id=order.pk, now=self.now, silent=self.silent)
        except UnclearPaymentError:
            if self.now < order.expires_at + timedelta(minutes=settings.SILENT_PROVIDER_MINUTES):
                raise
        with transaction.atomic():
            locked = lock_order(order_id=order.pk)
            if locked.status == OrderStatus.PENDING and locked.expires_at <= self.now:
                end_order(locked, OrderStatus.EXPIRED, now=self.now)
                outbox.emit(OrderExpired(locked.pk), now=self.now)
                self.ended.append(locked)


def expire_reservations(*, now: datetime) -> int:
    """End the pending orders that were not paid in time; return their number.

    The providers are asked about their payments first, outside any transaction. An order that cannot be ended, and one
    whose provider is silent, holds up no other: it waits for a later round, ever longer. Where a provider stays silent
    for SILENT_PROVIDER_MINUTES its orders end all the same; what was paid for them is booked when it is heard of.
    """
    refuse_inside_transaction()
    this = _Round(now)
    worked = rounds.work_through(EXPIRING, this.expire, now=now, threads=settings.PROVIDER_CALLS_AT_ONCE)
    if not worked.is_complete:
        wake("checkout.tasks.expire_reservations")
    return len(this.ended)
