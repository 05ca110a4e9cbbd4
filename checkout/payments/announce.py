"""Telling people and the catalogue what a payment means, after the commit."""

from collections import Counter
from datetime import datetime
from uuid import UUID

from catalogue.discovery.services.popularity import record_sales
from checkout.events import OrderPaid, PaymentReturning
from checkout.fulfilment.status import SOLD
from checkout.models import Order, Payment, SubOrder
from kit.hosts import platform_url
from kit.money import format_minor
from notifications.services import notify, queue_email
from tenants.access import Capability, can
from tenants.hosts import shop_url
from tenants.selectors import members_of, role_in

OWNER = "owner"


def announce_paid_order(paid: OrderPaid, now: datetime) -> None:
    """Count what was sold, thank the buyer, tell each shop what to pack."""
    order = Order.objects.prefetch_related("sub_orders__shop").get(pk=paid.order_id)
    sold = [part for part in order.sub_orders.all() if part.status in SOLD]
    for part in sorted(sold, key=lambda part: part.shop_id):
        units: Counter[UUID] = Counter()
        for line in part.lines:
            units[UUID(line["product_id"])] += line["quantity"]
        record_sales(shop_id=part.shop_id, units=units)
        _tell_shop(order, part, now)
    _thank_buyer(order, sold, now)


def announce_returning_payment(returning: PaymentReturning, now: datetime) -> None:
    """Tell the buyer that money goes back, how much of it and why."""
    payment = Payment.objects.select_related("order").get(pk=returning.payment_id)
    order = payment.order
    refunds = list(payment.refunds.select_related("sub_order__shop").order_by("created_at", "pk"))
    currency = refunds[0].currency if refunds else payment.currency
    amount = format_minor(returning.amount_minor, currency)
    context = {
        "name": order.shipping_address["name"],
        "order": order,
        "link": order_address(order),
        "amount": amount,
        "refunds": refunds,
    }
    queue_email(
        to=order.email,
        template="payment_returning",
        context=context,
        dedup_key=f"payment-returning-{payment.pk}",
        now=now,
        is_secret=order.buyer_id is None,
    )
    if order.buyer_id is not None:
        notify(
            user_id=order.buyer_id,
            kind="payment.returning",
            title=f"{amount} comes back to you",
            body=f"We couldn't use all of a payment for order {order.number}.",
            url=order.get_absolute_url(),
            dedup_key=f"payment-returning-{payment.pk}",
            now=now,
        )


def order_address(order: Order) -> str:
    """Return an address of an order's page that works for its buyer, with the key where it is a guest."""
    key = f"?key={order.access_key}" if order.buyer_id is None else ""
    return platform_url(order.get_absolute_url() + key)


def _thank_buyer(order: Order, sold: list[SubOrder], now: datetime) -> None:
    queue_email(
        to=order.email,
        template="order_paid",
        context={
            "name": order.shipping_address["name"],
            "order": order,
            "parts": sold,
            "link": order_address(order),
        },
        dedup_key=f"order-paid-{order.pk}",
        now=now,
        is_secret=order.buyer_id is None,
    )
    if order.buyer_id is not None:
        notify(
            user_id=order.buyer_id,
            kind="order.paid",
            title=f"Order {order.number} is paid",
            body="The shops know and are getting your parcels ready.",
            url=order.get_absolute_url(),
            dedup_key=f"order-paid-{order.pk}",
            now=now,
        )


def _tell_shop(order: Order, part: SubOrder, now: datetime) -> None:
    """Tell those who pack on the site, and the owner by e-mail too."""
    url = shop_url(part.shop, f"/dashboard/orders/{part.number}/")
    units = sum(line["quantity"] for line in part.lines)
    context = {"order": order, "part": part, "shop": part.shop, "units": units, "link": url}
    for member in members_of(shop_id=part.shop_id):
        key = f"new-order-{part.pk}-{member.user_id}"
        if can(role_in(member.user, part.shop), Capability.FULFIL_ORDERS):
            notify(
                user_id=member.user_id,
                kind="order.new",
                title=f"New order {part.number}",
                body=f"{units} {'item' if units == 1 else 'items'} to pack for {order.shipping_address['name']}.",
                url=url,
                dedup_key=key,
                now=now,
            )
        if member.role == OWNER:
            queue_email(to=member.user.email, template="new_order", context=context, dedup_key=key, now=now)
