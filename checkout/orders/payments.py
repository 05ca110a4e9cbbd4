"""Finding payments, and locking them, with their orders where both are needed."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import F, JSONField, Model, Prefetch, Q, QuerySet

from checkout.models import ExchangeCredit, Order, OrderStatus, Payment, PaymentStatus, Refund, SubOrder
from kit.db.pipeline import Query, ask, ask_all
from kit.errors import NotFoundError
from tenants.shops.selectors import ShopFacts, facts_query

# Characters of any provider's references (gateway.references); others are not looked up.
REFERENCE = re.compile(r"[A-Za-z0-9._-]{1,50}")

# Money was received and booked, or found not to be ours to book.
SETTLED = frozenset({PaymentStatus.CAPTURED, PaymentStatus.MISMATCHED})


def _plain_columns(model: type[Model]) -> tuple[str, ...]:
    """Return a model's columns without JSON, which costs time to decode and is loaded on access."""
    fields = model._meta.concrete_fields  # noqa: SLF001 - documented
    return tuple(field.attname for field in fields if not isinstance(field, JSONField))


ORDER_COLUMNS, PART_COLUMNS, PAYMENT_COLUMNS = map(_plain_columns, (Order, SubOrder, Payment))
FIND = f"""
    SELECT {", ".join(PAYMENT_COLUMNS)},
           ARRAY(SELECT shop_id FROM public.checkout_suborder s WHERE s.order_id = p.order_id)
      FROM public.checkout_payment p WHERE reference = $1
"""  # noqa: S608 - our own names
# The order's lock is in the subquery, so it is held before the payment's is asked for.
LOCK_BOTH = f"""
    WITH o AS (
        SELECT {", ".join(ORDER_COLUMNS)} FROM public.checkout_order
         WHERE id = (SELECT order_id FROM public.checkout_payment WHERE id = $1)
           FOR UPDATE
    )
    SELECT o.*, {", ".join(f"p.{name}" for name in PAYMENT_COLUMNS)}
      FROM o JOIN public.checkout_payment p ON p.order_id = o.id
     WHERE p.id = $1
       FOR UPDATE OF p
"""  # noqa: S608 - our own names
FIND_PARTS = f"SELECT {', '.join(PART_COLUMNS)} FROM public.checkout_suborder WHERE order_id = $1 ORDER BY id"  # noqa: S608


@dataclass(frozen=True, slots=True)
class LockedPayment:
    """A locked payment and its locked order, with the order's parts."""

    payment: Payment
    order: Order
    parts: list[SubOrder]
    shops: dict[int, ShopFacts]


def find_payment(*, reference: str) -> Payment | None:
    """Return the payment with a reference of ours; a malformed reference is not looked up."""
    if not REFERENCE.fullmatch(reference):
        return None
    return Payment.objects.select_related("order").filter(reference=reference).first()


def find_payment_and_shops(*, reference: str) -> tuple[Payment, list[int]] | None:
    """Return the payment with a reference of ours, and the ids of the shops that it pays."""
    rows = ask(Query(FIND, [reference], list)) if REFERENCE.fullmatch(reference) else []
    if not rows:
        return None
    [(*payment, shop_ids)] = rows
    return Payment.from_db("default", PAYMENT_COLUMNS, payment), shop_ids


def latest_payment(*, order_id: UUID) -> Payment | None:
    """Return the payment that is shown to a buyer: the captured one, or the newest."""
    attempts = Payment.objects.filter(order_id=order_id)
    return attempts.order_by(F("captured_at").asc(nulls_last=True), "-created_at", "-id").first()


def payments_of(*, order_id: UUID) -> list[Payment]:
    """Return the attempts to pay an order with their refunds, the newest first."""
    refunds = Prefetch("refunds", Refund.objects.select_related("sub_order").order_by("id"))
    return list(Payment.objects.filter(order_id=order_id).prefetch_related(refunds).order_by("-created_at", "-id"))


def unbooked_payments(*, order_id: UUID) -> "QuerySet[Payment]":
    """Return the attempts to pay an order for which no money was booked, newest first."""
    return Payment.objects.filter(order_id=order_id, captured_minor=None).order_by("-created_at", "-id")


def is_payment_unclear(order: Order) -> bool:
    """Return whether a payment of an order had a page and its provider has not answered since the order's time."""
    had_page = unbooked_payments(order_id=order.pk).exclude(payment_url="")
    return had_page.filter(Q(checked_at=None) | Q(checked_at__lt=order.expires_at)).exists()


def open_payment_urls(order_ids: Collection[UUID]) -> dict[UUID, str]:
    """Return the payment page of each order that has an open payment."""
    attempts = Payment.objects.filter(
        order_id__in=order_ids, order__status=OrderStatus.PENDING, status=PaymentStatus.OPEN
    ).exclude(payment_url="")
    return dict(attempts.order_by("created_at", "id").values_list("order_id", "payment_url"))


def lock_payment(*, payment_id: UUID) -> Payment:
    """Lock a payment's row, after its order's where both are needed; needs an open transaction.

    Raises:
        NotFoundError: there is no such payment.
    """
    payment = Payment.objects.select_for_update().filter(pk=payment_id).first()
    if payment is None:
        raise NotFoundError
    return payment


def lock_order_and_payment(*, payment: Payment, shop_ids: Collection[int]) -> LockedPayment:
    """Lock an order's row and then that of a payment of it, in one round trip; needs an open transaction.

    JSON columns of these rows are loaded on access.
    """
    queries: list[Query[Any]] = [
        Query(LOCK_BOTH, [payment.pk], list),
        Query(FIND_PARTS, [payment.order_id], list),
        facts_query(shop_ids),
    ]
    [row], parts, shops = ask_all(queries)
    order = Order.from_db("default", ORDER_COLUMNS, row[: len(ORDER_COLUMNS)])
    payment = Payment.from_db("default", PAYMENT_COLUMNS, row[len(ORDER_COLUMNS) :])
    payment.order = order
    return LockedPayment(payment, order, [SubOrder.from_db("default", PART_COLUMNS, part) for part in parts], shops)


def lock_payments(*, order_id: UUID) -> list[Payment]:
    """Lock all attempts to pay an order, in primary-key order; needs an open transaction."""
    return list(Payment.objects.select_for_update().filter(order_id=order_id).order_by("pk"))


def lock_credited_payments(*, order_id: UUID) -> list[Payment]:
    """Lock the payments of earlier orders that pay for an exchange, in primary-key order; needs an open transaction.

    They were made before any payment of the exchange's own order, so that their keys come first.
    """
    ids = ExchangeCredit.objects.filter(order_id=order_id).values("payment_id")
    return list(Payment.objects.select_for_update().filter(pk__in=ids).order_by("pk"))
