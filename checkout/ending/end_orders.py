"""Ending unpaid orders and releasing their stock, after the providers were asked about the payments."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy

from catalogue.events import StockChanged
from checkout.coupons.claiming import has_coupons, release_uses
from checkout.errors import OrderNotCancellableError, PaymentProviderUnavailableError
from checkout.events import OrderCancelled
from checkout.exchanging.crediting import return_credits
from checkout.fulfilment.services import release_vendor_order
from checkout.fulfilment.status import PartStatus
from checkout.models import Order, OrderStatus, SubOrder
from checkout.moves.facts import OrderFacts
from checkout.moves.judging import check_order_move
from checkout.moves.move import Side
from checkout.orders import sold_out
from checkout.orders.selectors import lock_order
from checkout.payments.ask_before_ending import UnclearPaymentError, ask_about_payments
from gateway.guard import refuse_inside_transaction
from kit.work import outbox
from tenants.shops.selectors import shop_facts

UNSURE = gettext_lazy(
    "The payment service isn't answering, so we can't tell whether you have paid. Nothing was cancelled; please try "
    "again in a minute."
)
PAID_ALREADY = gettext_lazy("This order is paid, so it can't be cancelled here any more.")


def cancel_order(*, order_id: UUID, now: datetime) -> Order:
    """Cancel an unpaid order after asking the providers; an order that turns out to be paid is kept.

    Raises:
        OrderNotCancellableError: it was paid, or has ended already.
        PaymentProviderUnavailableError: the provider gave no answer about a payment; nothing has changed.
    """
    refuse_inside_transaction()
    if Order.objects.filter(pk=order_id, status=OrderStatus.PENDING).exists():
        try:
            ask_about_payments(order_id=order_id, now=now)
        except UnclearPaymentError as unclear:
            raise PaymentProviderUnavailableError(UNSURE) from unclear
    with transaction.atomic():
        order = lock_order(order_id=order_id)
        if order.status in {OrderStatus.PAID, OrderStatus.COMPLETED}:
            raise OrderNotCancellableError(PAID_ALREADY)
        check_order_move(OrderFacts.of(order), "cancel", by=Side.BUYER, now=now)
        end_order(order, OrderStatus.CANCELLED, now=now)
        outbox.emit(OrderCancelled(order.pk), now=now)
    return order


def end_order(order: Order, status: OrderStatus, *, now: datetime) -> None:
    """Release the coupons and the stock of a pending order and write its final status; the order is locked.

    Money of a return that was kept for an exchange is refunded to the buyer.
    """
    if order.exchange_of_id:
        return_credits(order, now=now)
    parts = list(SubOrder.objects.filter(order=order))
    if has_coupons(parts):
        release_uses(order_id=order.pk, now=now)
    pending = [part for part in parts if part.status == PartStatus.PENDING]
    give_back(pending, PartStatus(status.value), now=now)
    order.status = status
    order.ended_at = now
    order.save(update_fields=["status", "ended_at"])


def give_back(parts: Sequence[SubOrder], status: PartStatus, *, now: datetime) -> None:
    """Release the stock of unpaid parts and write their final status; their order is locked."""
    facts = shop_facts({part.shop_id for part in parts})
    for part in sorted(parts, key=lambda part: facts[part.shop_id].schema_name):
        schema_name = facts[part.shop_id].schema_name
        revived = release_vendor_order(schema_name=schema_name, sub_order_id=part.id, status=status, now=now)
        if revived:
            outbox.emit(StockChanged(part.shop_id, tuple(revived)), now=now)
            transaction.on_commit(lambda revived=revived: sold_out.unflag(revived))  # type: ignore[misc]
    SubOrder.objects.filter(pk__in=[part.pk for part in parts]).update(status=status, status_at=now)
