"""Selectors for operators: any order, payment and refund, and the market's sales."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Prefetch, QuerySet
from django.utils.translation import gettext

from checkout.models import ENDED_REFUNDS, Order, Payment, PaymentStatus, Refund, Reversal, SubOrder
from checkout.orders.searching import order_ids, payment_ids
from kit.errors import NotFoundError
from payouts.disputes.selectors import refund_set_off


def list_orders(
    *,
    status: str = "",
    search: str = "",
    shop_id: int | None = None,
    paid_since: datetime | None = None,
    late: "QuerySet[SubOrder] | None" = None,
) -> "QuerySet[Order]":
    """Return orders, newest first.

    Args:
        late: only orders with one of these parts.
        search: parts of an order's or a sub-order's number, of a payment's reference, or of the buyer's address or
            name; one with less than three letters in a row finds nothing.
    """
    orders = Order.objects.order_by("-id").prefetch_related("sub_orders__shop")
    if status:
        orders = orders.filter(status=status)
    if shop_id is not None:
        orders = orders.filter(sub_orders__shop_id=shop_id)
    if paid_since is not None:
        orders = orders.filter(paid_at__gte=paid_since)
    if late is not None:
        orders = orders.filter(pk__in=late.order_by().values("order_id"))
    return orders.filter(pk__in=order_ids(search)) if search.strip() else orders


def get_any_order(*, number: str) -> Order:
    """Return an order with its sub-orders, payments and refunds, of any buyer.

    Raises:
        NotFoundError: there is no such order.
    """
    orders = Order.objects.select_related("buyer")
    payments = Prefetch("payments", Payment.objects.order_by("-created_at", "-id"))
    whole = orders.prefetch_related("sub_orders__shop", payments, "payments__refunds__sub_order")
    order = whole.filter(number=number).first()
    if order is None:
        raise NotFoundError
    return order


def get_part(order: Order, *, number: str) -> SubOrder:
    """Return a part of an order by its number.

    Raises:
        NotFoundError: the order has no such part.
    """
    part = next((part for part in order.sub_orders.all() if part.number == number), None)
    if part is None:
        raise NotFoundError(gettext("This order has no part %(number)s.") % {"number": number})
    return part


def get_any_payment(*, reference: str) -> Payment:
    """Return a payment with its order and refunds, of any buyer.

    Raises:
        NotFoundError: there is no such payment.
    """
    payment = list_payments().prefetch_related("refunds__sub_order").filter(reference=reference).first()
    if payment is None:
        raise NotFoundError
    return payment


def get_any_refund(*, refund_id: UUID) -> Refund:
    """Return a refund with its payment and order, of any buyer.

    Raises:
        NotFoundError: there is no such refund.
    """
    refund = list_refunds().filter(pk=refund_id).first()
    if refund is None:
        raise NotFoundError
    return refund


def list_payments(*, status: str = "", search: str = "") -> "QuerySet[Payment]":
    """Return payments with their orders, newest first, narrowed by status, and by parts of reference or order."""
    payments = Payment.objects.select_related("order").order_by("-created_at", "id")
    if status:
        payments = payments.filter(status=status)
    return payments.filter(pk__in=payment_ids(search)) if search.strip() else payments


def is_payment_of(*, reference: str, number: str) -> bool:
    """Return whether an order has a payment with this reference."""
    return Payment.objects.filter(reference=reference, order__number=number).exists()


def list_refunds(*, status: str = "") -> "QuerySet[Refund]":
    """Return refunds with their payments, newest first."""
    refunds = Refund.objects.select_related("payment__order", "sub_order").order_by("-created_at", "id")
    return refunds.filter(status=status) if status else refunds


def order_numbers_of_refunds(ids: Collection[UUID]) -> dict[UUID, str]:
    """Return the numbers of the orders that refunds belong to, by the refund's id."""
    return dict(Refund.objects.filter(pk__in=ids).values_list("pk", "payment__order__number").order_by("pk"))


def payments_needing_attention() -> "QuerySet[Payment]":
    """Return payments that need a person, oldest first: the one source of the queue, of orders' pages and of counts.

    They did not match, are not wholly given back, and no operator has dealt with them.
    """
    refunds = Refund.objects.filter(payment_id=OuterRef("id"))
    is_over = Exists(refunds) & ~Exists(refunds.exclude(status__in=ENDED_REFUNDS))
    mismatched = Payment.objects.filter(status=PaymentStatus.MISMATCHED, dealt_with_at=None).exclude(is_over)
    return mismatched.select_related("order").order_by("created_at", "id")


def reversal_ids(order: Order) -> list[str]:
    """Return the ids of what was taken back of an order, as the ledger names them."""
    found = Reversal.objects.filter(sub_order__order=order).order_by("id")
    return [str(reversal_id) for reversal_id in found.values_list("id", flat=True)]


def order_number_of(*, kind: str, source: str) -> str:
    """Return the number of the order that a journal is about, or nothing.

    Args:
        kind: the journal's: `sale`, with a payment's reference as its source or the number of an order with nothing to
            pay, `refund`, with a refund's id, `set_off`, with that of a refund which a dispute has paid, or `reversal`,
            with a reversal's.
    """
    if kind == "set_off":
        kind, source = "refund", str(refund_set_off(source=source))
    if kind == "reversal":
        reversal = Reversal.objects.select_related("sub_order__order").filter(id=source).first()
        return reversal.sub_order.order.number if reversal else ""
    if kind == "refund":
        refund = Refund.objects.select_related("payment__order").filter(id=source).first()
        return refund.payment.order.number if refund else ""
    payment = Payment.objects.select_related("order").filter(reference=source).first()
    if payment is not None:
        return payment.order.number
    return source if Order.objects.filter(number=source, total_minor=F("credit_minor")).exists() else ""
