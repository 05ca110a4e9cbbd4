"""Notice to a buyer that a payment is refunded."""

from datetime import datetime

from checkout.announcing.buyers import send_letter, send_message
from checkout.events import PaymentReturning
from checkout.models import Payment
from kit.money import format_minor


def announce_returning_payment(returning: PaymentReturning, now: datetime) -> None:
    """Notify the buyer of a refund, its amount and its reason."""
    payment = Payment.objects.select_related("order").get(pk=returning.payment_id)
    order = payment.order
    refunds = list(payment.refunds.select_related("sub_order__shop").order_by("created_at", "pk"))
    amount = format_minor(returning.amount_minor, refunds[0].currency if refunds else payment.currency)
    key = f"payment-returning-{payment.pk}"
    context = {"amount": amount, "refunds": refunds}
    send_letter(order=order, template="payment_returning", context=context, key=key, now=now)
    send_message(
        order=order,
        kind="payment.returning",
        title=f"{amount} comes back to you",
        body=f"We couldn't use all of a payment for order {order.number}.",
        key=key,
        now=now,
    )
