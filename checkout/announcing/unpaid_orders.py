"""Notices to a buyer that an order is not paid yet, that it ended unpaid, or that a payment for it failed."""

from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from checkout.announcing.buyers import OrderNotice, speaking_to_buyer, tell_buyer
from checkout.events import OrderCancelled, OrderExpired, OrderUnpaid, PaymentFailed
from checkout.models import Order, OrderStatus, Payment
from checkout.orders.payments import is_payment_unclear
from kit.money import format_minor
from kit.web.zones import zone_of


def announce_unpaid_order(unpaid: OrderUnpaid, now: datetime) -> None:
    """Tell the buyer that their order is placed and until when it can be paid, unless that has changed since."""
    order = Order.objects.get(pk=unpaid.order_id)
    if order.status != OrderStatus.PENDING or order.expires_at <= now:
        return
    with speaking_to_buyer(order):
        notice = OrderNotice(
            kind="order.unpaid",
            key=f"order-unpaid-{order.pk}",
            title=_("Order %(number)s is placed and not paid yet") % {"number": order.number},
            paragraphs=[
                _("Your order %(number)s is placed. %(amount)s is still to be paid.")
                % {"number": order.number, "amount": format_minor(order.due_minor, order.currency)},
                _("Your items are reserved until %(until)s. Open your order to pay.") % {"until": _until(order)},
                _(
                    "If you have paid in the meantime, you need not do anything: we will tell you as soon as your "
                    "payment has arrived."
                ),
            ],
            action=_("Open your order"),
            lines=_lines(order),
        )
        tell_buyer(order=order, notice=notice, now=now, is_paid=False)


def announce_cancelled_order(cancelled: OrderCancelled, now: datetime) -> None:
    """Confirm to the buyer that their order is cancelled."""
    order = Order.objects.get(pk=cancelled.order_id)
    if order.credit_minor:
        return  # as below
    if order.exchange_of_id:
        _announce_ended_exchange(order, _("You chose a refund instead of the exchange."), now)
        return
    with speaking_to_buyer(order):
        notice = OrderNotice(
            kind="order.cancelled",
            key=f"order-cancelled-{order.pk}",
            title=_("Order %(number)s is cancelled") % {"number": order.number},
            paragraphs=[
                _("You cancelled order %(number)s before it was paid.") % {"number": order.number},
                _returning_money(order),
            ],
            action=_("See your order"),
            lines=_lines(order),
        )
        tell_buyer(order=order, notice=notice, now=now, is_paid=False)


def announce_expired_order(expired: OrderExpired, now: datetime) -> None:
    """Notify the buyer that their order was not paid in time, unless a late payment has revived it since."""
    order = Order.objects.get(pk=expired.order_id)
    if order.status != OrderStatus.EXPIRED or order.credit_minor:
        return  # of an exchange that was to be paid its return tells: the money goes back
    if order.exchange_of_id:
        _announce_ended_exchange(order, _("The items that you were sending back did not arrive in time."), now)
        return
    with speaking_to_buyer(order):
        notice = OrderNotice(
            kind="order.expired",
            key=f"order-expired-{order.pk}",
            title=_("Order %(number)s was not paid in time") % {"number": order.number},
            paragraphs=[
                _("Order %(number)s was not paid in time.") % {"number": order.number},
                _reason_for_expiry(order),
                *_what_now(order),
            ],
            action=_("See your order"),
            lines=_lines(order),
        )
        tell_buyer(order=order, notice=notice, now=now, is_paid=False)


def _announce_ended_exchange(order: Order, reason: str, now: datetime) -> None:
    """Tell the buyer that what was kept for their exchange is kept no longer; nothing of theirs has arrived yet."""
    with speaking_to_buyer(order):
        notice = OrderNotice(
            kind="order.expired",
            key=f"order-expired-{order.pk}",
            title=_("Your exchange %(number)s is no longer reserved") % {"number": order.number},
            paragraphs=[
                reason,
                _("No items are reserved any more. We refund you once the items that you send back have arrived."),
            ],
            action=_("See your order"),
            lines=_lines(order),
        )
        tell_buyer(order=order, notice=notice, now=now, is_paid=False)


def announce_failed_payment(failed: PaymentFailed, now: datetime) -> None:
    """Notify the buyer of a failed payment, unless another one has paid or they have cancelled the order since."""
    payment = Payment.objects.select_related("order").get(pk=failed.payment_id)
    order = payment.order
    if order.status not in {OrderStatus.PENDING, OrderStatus.EXPIRED}:
        return
    with speaking_to_buyer(order):
        amount = format_minor(payment.amount_minor, payment.currency)
        notice = OrderNotice(
            kind="payment.failed",
            key=f"payment-failed-{payment.pk}",
            title=_("Your payment for order %(number)s didn't go through") % {"number": order.number},
            paragraphs=[
                _("The payment of %(amount)s for order %(number)s failed. Nothing was charged.")
                % {"amount": amount, "number": order.number},
                _next_step(order, now),
            ],
            action=_("See your order"),
            lines=_lines(order),
        )
        tell_buyer(order=order, notice=notice, now=now, is_paid=False)


def _lines(order: Order) -> list[dict[str, Any]]:
    return [line for part in order.sub_orders.order_by("number") for line in part.lines]


def _has_money(order: Order) -> bool:
    """Return whether a payment of any amount has arrived for an order."""
    return order.payments.filter(captured_minor__isnull=False).exists()


def _returning_money(order: Order) -> str:
    if _has_money(order):
        return _("Your payment is refunded to you.")
    return _("We have received no money for it. If a payment still arrives, we refund all of it.")


def _reason_for_expiry(order: Order) -> str:
    if _has_money(order):
        return _("Your payment could not be used for it and is refunded, so nothing is reserved for you any more.")
    return _("We have received no payment for it, so your items are no longer reserved.")


def _what_now(order: Order) -> list[str]:
    if is_payment_unclear(order):
        return [
            _("The payment service could not tell us yet whether you have paid. If you have, don't pay again."),
            _("When we hear of a payment, we send the items that are still in stock and refund the rest."),
        ]
    return [
        _("Put it in your basket again to order it."),
        _("If a payment arrives late, we send the items that are still in stock and refund the rest."),
    ]


def _next_step(order: Order, now: datetime) -> str:
    if order.status == OrderStatus.PENDING and order.expires_at > now:
        return _("Your items are reserved until %(until)s. Open your order to try again.") % {"until": _until(order)}
    return _("The time to pay for this order has passed. Put everything in your basket again to order it.")


def _until(order: Order) -> str:
    """Return the end of an order's time to pay, in the zone of the place that it is for."""
    zone = zone_of(country=str(order.shipping_address.get("country", "")))
    return date_format(timezone.localtime(order.expires_at, zone), "j F, H:i T")
