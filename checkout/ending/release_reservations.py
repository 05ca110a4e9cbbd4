"""Release the stock of an unpaid order early, at the request of its shop or an operator."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext, gettext_lazy

from checkout.ending.end_orders import end_order, give_back
from checkout.errors import PaymentProviderUnavailableError
from checkout.events import OrderExpired, PartReleased
from checkout.fulfilment.status import PartStatus
from checkout.models import Order, OrderStatus, SubOrder
from checkout.moves.facts import OrderFacts, PartFacts
from checkout.moves.judging import check_order_move, check_part_move
from checkout.moves.move import Side
from checkout.orders.selectors import lock_order
from checkout.payments.ask_before_ending import UnclearPaymentError, ask_about_payments
from gateway.guard import refuse_inside_transaction
from kit.db.roles import as_platform
from kit.errors import NotFoundError
from kit.work import outbox
from tenants.models import Shop, ShopEventKind
from tenants.shops.audit_trail import record_event

UNSURE = gettext_lazy(
    "The payment service isn't answering, so we can't tell whether the buyer has paid. Nothing was released; please "
    "try again in a minute."
)


def ask_before_release(*, order_id: UUID, now: datetime) -> None:
    """Ask the providers whether an order was paid, and book its payments; never inside a transaction.

    Raises:
        PaymentProviderUnavailableError: a provider gave no answer; nothing has changed.
    """
    refuse_inside_transaction()
    try:
        ask_about_payments(order_id=order_id, now=now)
    except UnclearPaymentError as unclear:
        raise PaymentProviderUnavailableError(UNSURE) from unclear


def release_order(*, order_id: UUID, now: datetime) -> Order:
    """End an unpaid order as if its time were over; needs an open transaction, after `ask_before_release`.

    Raises:
        NothingReservedError: it was paid, or has ended already.
    """
    order = lock_order(order_id=order_id)
    check_order_move(OrderFacts.of(order), "release", by=Side.OPERATOR, now=now)
    _expire(order, now)
    return order


@as_platform()
def release_part(*, shop: Shop, number: str, actor_id: int, now: datetime) -> None:
    """Release the stock that a shop keeps for its part of an unpaid order, and write it in the shop's audit trail.

    Where other shops keep theirs the order can still be paid: what is there then is sent, the rest is refunded. With
    the last part that is kept the order ends.

    Raises:
        NotFoundError: the shop has no such part.
        NothingReservedError: it was paid, or is not kept any more.
        PaymentProviderUnavailableError: a provider gave no answer; nothing has changed.
    """
    part = SubOrder.objects.filter(number=number, shop_id=shop.pk).first()
    if part is None:
        raise NotFoundError(gettext("There is no order %(number)s in this shop.") % {"number": number})
    if part.status == PartStatus.PENDING:
        ask_before_release(order_id=part.order_id, now=now)
    with transaction.atomic():
        order = lock_order(order_id=part.order_id)
        kept = set(order.sub_orders.filter(status=PartStatus.PENDING).values_list("pk", flat=True))
        check_part_move(PartFacts.of(SubOrder.objects.get(pk=part.pk)), "release", by=Side.SHOP, now=now)
        if kept == {part.pk}:
            _expire(order, now)
        else:
            give_back([part], PartStatus.EXPIRED, now=now)
            outbox.emit(PartReleased(shop.pk, part.pk), now=now)
        record_event(
            shop_id=shop.pk, actor_id=actor_id, kind=ShopEventKind.RESERVATION_RELEASED, subject=number, now=now
        )


def _expire(order: Order, now: datetime) -> None:
    order.expires_at = now
    order.save(update_fields=["expires_at"])
    end_order(order, OrderStatus.EXPIRED, now=now)
    outbox.emit(OrderExpired(order.pk), now=now)
