"""Finding refunds, and locking them; the payment's row comes first (docs/locking.md)."""

from collections.abc import Collection
from uuid import UUID

from django.db.models import Q, QuerySet, Sum

from checkout.models import MOVED_CREDITS, ExchangeCredit, Order, Payment, Refund
from kit.db.roles import as_platform
from kit.errors import NotFoundError
from payouts.disputes.selectors import disputed_minor


def find_refunded_payment(*, refund_key: str) -> Payment | None:
    """Return the payment of the refund whose try has this key; a malformed key is not looked up."""
    try:
        refund_id = UUID(refund_key.partition(".")[0])
    except ValueError:
        return None
    return Payment.objects.select_related("order").filter(refunds__pk=refund_id).first()


def payment_of_refund(*, refund_id: UUID) -> UUID:
    """Return the id of the payment that a refund is of.

    Raises:
        NotFoundError: there is no such refund.
    """
    payment_id = Refund.objects.filter(pk=refund_id).values_list("payment_id", flat=True).first()
    if payment_id is None:
        raise NotFoundError
    return payment_id


def refunds_of(*, payment_id: UUID) -> list[Refund]:
    """Return the refunds of a payment, oldest first."""
    return list(Refund.objects.filter(payment_id=payment_id).order_by("created_at", "id"))


def refunds_of_orders(order_ids: Collection[UUID]) -> dict[UUID, list[Refund]]:
    """Return the refunds of some orders, each oldest first with its part, in one statement."""
    found: dict[UUID, list[Refund]] = {}
    refunds = Refund.objects.filter(refunds_of_order_query(order_ids)).select_related("payment", "sub_order")
    for refund in refunds.order_by("created_at", "id"):
        order_id = refund.sub_order.order_id if refund.sub_order else refund.payment.order_id
        found.setdefault(order_id, []).append(refund)
    return found


@as_platform()  # refunds are the buyer's; the shop may know those of its part
def refunds_of_part(*, shop_id: int, number: str) -> list[Refund]:
    """Return the refunds of a shop's part of an order, the oldest first."""
    of_part = Refund.objects.filter(sub_order__shop_id=shop_id, sub_order__number=number)
    return list(of_part.select_related("sub_order", "reversal").order_by("created_at", "id"))


def refunded_minor(*, payment_id: UUID) -> int:
    """Return the amount of a payment that was refunded, or is to be."""
    alive = Refund.objects.filter(payment_id=payment_id)
    return int(alive.aggregate(total=Sum("amount_minor"))["total"] or 0)


def left_minor(*, order: Order, payment: Payment) -> int:
    """Return the amount of a payment that an order can still give back or pay an exchange with.

    A payment is an order's own, or has come to it by an exchange (docs/adr/0081): what has gone on to another order, or
    back to the buyer for this one, is not left.
    """
    moved = ExchangeCredit.objects.filter(payment=payment, status__in=MOVED_CREDITS)
    is_own = payment.order_id == order.pk
    ours = Q(sub_order__order=order) | Q(sub_order=None) if is_own else Q(sub_order__order=order)
    captured = payment.captured_minor or 0 if is_own else _sum(moved.filter(order=order))
    gone_on = _sum(moved.filter(reversal__sub_order__order=order))
    disputed = disputed_minor(payment_id=payment.pk) if is_own else 0
    return captured - gone_on - disputed - _sum(Refund.objects.filter(ours, payment=payment))


def _sum(found: "QuerySet[ExchangeCredit] | QuerySet[Refund]") -> int:
    return int(found.aggregate(total=Sum("amount_minor"))["total"] or 0)


def refunds_of_order_query(order_ids: Collection[UUID]) -> Q:
    """Return the condition of the refunds that are for some orders, whichever payment they go back to."""
    return Q(sub_order__order_id__in=order_ids) | Q(sub_order=None, payment__order_id__in=order_ids)


def lock_refunds(*, payment_id: UUID) -> list[Refund]:
    """Lock all refunds of a payment, in primary-key order; needs an open transaction."""
    return list(Refund.objects.select_for_update().filter(payment_id=payment_id).order_by("pk"))
