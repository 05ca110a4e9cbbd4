"""Buyers' personal data in orders and carts, and its removal."""

from datetime import datetime
from functools import partial
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext
from psycopg import sql

from accounts.services.personal_data import Rows, Subject
from checkout.cart.store import CartId, forget_cart, read_lines
from checkout.documents.listed import documents_of_orders
from checkout.fulfilment.services.forgetting import NOBODY, forget_buyers
from checkout.fulfilment.status import UNDELIVERED
from checkout.messaging.shown import shown_text
from checkout.models import (
    OWED_REFUNDS,
    ConversationReader,
    CouponBuyer,
    CouponUse,
    MessagePhoto,
    MessageSide,
    Order,
    OrderMessage,
    OrderStatus,
    Refund,
    Return,
    ReturnPhoto,
    SubOrder,
)
from checkout.orders.operations import payments_needing_attention
from checkout.orders.refunds import refunds_of_order_query
from checkout.orders.selectors import lock_orders_where
from checkout.pricing.coupons.facts import CouponBuyerKey
from kit.db.sql import execute
from kit.ids import access_key
from kit.money.columns import AMOUNT_COLUMNS

COLUMNS = frozenset(
    {
        "checkout.Order.email",
        "checkout.Order.shipping_address",
        "checkout.Order.address_changes",
        "checkout.Order.billing_address",
        "checkout.SubOrder.shipping_address",
        "checkout.CouponBuyer.buyer",
        "checkout.CouponUse.buyer",
        "checkout.Return.note",
        "checkout.OrderMessage.text",
        "checkout.Order.vat_number",
        "fulfilment.VendorOrder.buyer_name",
        "fulfilment.VendorOrder.buyer_email",
        "fulfilment.VendorOrder.shipping_address",
    }
)
ORDER = ("number", "status", "email", *AMOUNT_COLUMNS)
ORDER_MORE = (
    "shipping_address",
    "address_changes",
    "billing_address",
    "vat_number",
    "sms_agreed_at",
    "whatsapp_agreed_at",
    "placed_at",
    "paid_at",
)
PART = (
    "order__number",
    "number",
    "shop__name",
    "status",
    *AMOUNT_COLUMNS,
    "adjustments",
    "shipping_address",
    "delivery",
    "tax",
    "lines",
    "tracking",
)
REFUND = ("payment__order__number", "amount_minor", "currency", "reason", "status", "created_at")
RETURN = ("sub_order__number", "status", "lines", "exchange", "reason", "note", "requested_at")
# Fields that identify the buyer; state and country are kept, because tax depends on them.
FORGET = sql.SQL("""
UPDATE public.checkout_order
   SET email = %(email)s, access_key = %(key)s, vat_number = '', address_changes = '[]',
       shipping_address = shipping_address || %(nobody)s, billing_address = billing_address || %(nobody)s
 WHERE id = ANY(%(ids)s)
""")
FORGET_PARTS = sql.SQL("""
UPDATE public.checkout_suborder SET shipping_address = shipping_address || %(nobody)s
 WHERE order_id = ANY(%(ids)s) AND shipping_address <> '{}'
""")


def collect(subject: Subject) -> dict[str, Rows]:
    """Return a person's orders with their parts, refunds and documents, and the lines of their cart."""
    orders = Order.objects.filter(_theirs(subject)).order_by("id")
    ids = list(orders.values_list("id", flat=True))
    found: dict[str, Rows] = {
        "orders": list(orders.values(*ORDER, *ORDER_MORE)),
        "order_parts": list(SubOrder.objects.filter(order_id__in=ids).order_by("id").values(*PART)),
        "refunds": list(Refund.objects.filter(refunds_of_order_query(ids)).order_by("id").values(*REFUND)),
    }
    returns = Return.objects.filter(sub_order__order_id__in=ids).order_by("id")
    found["returns"] = list(returns.values(*RETURN))
    found["documents"] = documents_of_orders(ids)
    found["messages"] = _messages(ids)
    uses = CouponUse.objects.filter(order_id__in=ids).order_by("id")
    found["coupon_uses"] = list(uses.values("coupon__code", "order__number", "saved_minor", "currency", "created_at"))
    if subject.user_id is not None:
        lines = read_lines(CartId.of_user(subject.user_id))
        found["basket"] = [{"variant_id": str(line.variant_id), "quantity": line.quantity} for line in lines]
    return found


def obstacles(subject: Subject) -> list[str]:
    """Return the orders that are still to be paid, shipped or refunded: their buyer must be reachable."""
    orders = Order.objects.filter(_theirs(subject))
    owed = Refund.objects.filter(status__in=OWED_REFUNDS)
    refunded = owed.values(owing=Coalesce("sub_order__order_id", "payment__order_id"))
    reasons = (
        (gettext("Order %(number)s waits for its payment."), orders.filter(status=OrderStatus.PENDING)),
        (gettext("Order %(number)s has not been delivered."), orders.filter(sub_orders__status__in=UNDELIVERED)),
        (gettext("Order %(number)s is being refunded."), orders.filter(id__in=refunded)),
        (
            gettext("Order %(number)s has a payment that we are looking into."),
            orders.filter(id__in=payments_needing_attention().values("order_id")),
        ),
    )
    return [
        reason % {"number": number}
        for reason, found in reasons
        for number in found.order_by("number").values_list("number", flat=True).distinct()
    ]


def erase(subject: Subject, nobody: str, now: datetime) -> None:
    """Remove the buyer from their orders, here and in every shop that has a part of one; delete the basket."""
    ids = [order.pk for order in lock_orders_where(_theirs(subject))]
    if ids:
        CouponUse.objects.filter(order_id__in=ids).update(buyer="")
        Return.objects.filter(sub_order__order_id__in=ids).update(note="")
        _forget_messages(ids, now)
        for photos in (ReturnPhoto.objects.filter(order_id__in=ids), MessagePhoto.objects.filter(order_id__in=ids)):
            for photo in photos:
                transaction.on_commit(partial(photo.folder.delete, photo.file))
            photos.delete()
        execute(FORGET, {"email": nobody, "key": access_key(), "nobody": NOBODY, "ids": ids})
        execute(FORGET_PARTS, {"nobody": NOBODY, "ids": ids})
        parts = SubOrder.objects.filter(order_id__in=ids).order_by("shop__schema_name", "id")
        by_schema: dict[str, dict[UUID, str]] = {}
        for schema_name, part_id in parts.values_list("shop__schema_name", "id"):
            by_schema.setdefault(schema_name, {})[part_id] = nobody
        for schema_name in sorted(by_schema):
            forget_buyers(schema_name=schema_name, emails=by_schema[schema_name])
    CouponBuyer.objects.filter(buyer__in=_coupon_keys(subject)).delete()
    if subject.user_id is not None:
        transaction.on_commit(partial(forget_cart, CartId.of_user(subject.user_id)), robust=True)


def _messages(order_ids: list[UUID]) -> Rows:
    """Return the messages about some orders, as their buyer sees them on the site."""
    found = OrderMessage.objects.filter(sub_order__order_id__in=order_ids).select_related(
        "sub_order__order", "sub_order__shop"
    )
    return [
        {
            "sub_order__number": message.sub_order.number,
            "shop__name": message.sub_order.shop.name,
            "side": message.side,
            "text": shown_text(message, message.sub_order, MessageSide.BUYER),
            "created_at": message.created_at,
        }
        for message in found.order_by("id")
    ]


def _forget_messages(order_ids: list[UUID], now: datetime) -> None:
    """Empty the messages about some orders, of both sides: what a shop wrote to its buyer names them too."""
    found = OrderMessage.objects.filter(sub_order__order_id__in=order_ids, forgotten_at=None)
    found.update(text="", forgotten_at=now)
    ConversationReader.objects.filter(conversation__sub_order__order_id__in=order_ids).update(due_at=None)


def _coupon_keys(subject: Subject) -> list[str]:
    """Return the keys under which the person's uses of coupons are counted."""
    keys = [CouponBuyerKey(subject.user_id).digest] if subject.user_id is not None else []
    return [*keys, CouponBuyerKey(None, subject.email).digest] if subject.is_email_theirs else keys


def _theirs(subject: Subject) -> Q:
    own = Q(buyer_id=subject.user_id) if subject.user_id is not None else Q(pk__in=[])
    return own | Q(buyer__isnull=True, email__iexact=subject.email) if subject.is_email_theirs else own
