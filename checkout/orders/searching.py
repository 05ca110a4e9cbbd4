"""Search of orders and payments by parts of their numbers, references, addresses and names, by index alone."""

import re
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet, Value
from django.db.models.functions import Concat

from checkout.models import Order, Payment, SubOrder
from checkout.models.orders import ORDER_PARTS, ORDERS_WITH_PARTS
from checkout.models.payments import PAYMENT_PARTS, PAYMENTS_WITH_PARTS
from kit.text.matching import plain_identifier
from kit.text.parts import parts_match

PART_NUMBER = re.compile(r"(?P<order>.+)(?P<part>-[0-9]{1,3})")
MOST = 500  # the newest; who looks for one of more has to say more


def find_orders(search: str) -> "QuerySet[Order]":
    """Return the orders that have a search in their number, in a part's number, in the address or in the name."""
    term = plain_identifier(search)
    found = Order.objects.order_by("-id")
    if (ended := PART_NUMBER.fullmatch(term)) is None:
        return found.filter(parts_match(term, *ORDER_PARTS, of=ORDERS_WITH_PARTS))
    part = SubOrder.objects.filter(order_id=OuterRef("pk"), number=Concat(OuterRef("number"), Value(ended["part"])))
    has_part = Order.objects.filter(parts_match(ended["order"], *ORDER_PARTS, of=ORDERS_WITH_PARTS), Exists(part))
    return found.filter(
        pk__in=_ids(Order.objects.filter(parts_match(term, *ORDER_PARTS, of=ORDERS_WITH_PARTS)), "pk").union(
            has_part.values("pk")
        )
    )


def find_payments(search: str) -> "QuerySet[Payment]":
    """Return the payments that have a search in their own reference, newest first, with their orders."""
    found = Payment.objects.filter(parts_match(plain_identifier(search), *PAYMENT_PARTS, of=PAYMENTS_WITH_PARTS))
    return found.select_related("order").order_by("-id")


def order_ids(search: str) -> "QuerySet[Any, Any]":
    """Return the ids of orders that have a search in them, or in a payment's reference: the newest 500 of each.

    Each is looked up by an index of its own: a condition with OR over two tables would read them whole.
    """
    return _ids(find_orders(search), "pk").union(_ids(find_payments(search), "order_id"))


def payment_ids(search: str) -> "QuerySet[Any, Any]":
    """Return the ids of payments that have a search in their reference, or in their order: the newest 500 of each."""
    of_orders = Payment.objects.filter(order__in=_ids(find_orders(search), "pk"))
    return _ids(find_payments(search), "pk").union(_ids(of_orders, "pk"))


def _ids(rows: "QuerySet[Any]", column: str) -> "QuerySet[Any, Any]":
    return rows.select_related(None).order_by("-id").values(column)[:MOST]
