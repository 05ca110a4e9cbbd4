"""Notice to a buyer that a payment is refunded."""

from datetime import datetime

from django.utils.translation import gettext

from checkout.announcing.buyers import send_letter, send_message, speaking_to_buyer
from checkout.announcing.phones import send_texts
from checkout.events import PaymentReturning
from checkout.models import Payment
from kit.money import format_minor


def announce_returning_payment(returning: PaymentReturning, now: datetime) -> None:
    """Notify the buyer of a refund, its amount and its reason."""
    payment = Payment.objects.select_related("order").get(pk=returning.payment_id)
    order = payment.order
    refunds = list(payment.refunds.select_related("sub_order__shop").order_by("created_at", "pk"))
    with speaking_to_buyer(order):
        amount = format_minor(returning.amount_minor, refunds[0].currency if refunds else payment.currency)
        key = f"payment-returning-{payment.pk}"
        context = {"amount": amount, "refunds": refunds}
        send_letter(order=order, template="payment_returning", context=context, key=key, now=now)
        send_message(
            order=order,
            kind="payment.returning",
            title=(gettext("A refund of %(amount)s is on its way") % {"amount": amount}),
            body=(gettext("We couldn't use all of a payment for order %(number)s.") % {"number": order.number}),
            key=key,
            now=now,
        )
        texts = [gettext("A refund of %(amount)s is on its way to you:") % {"amount": amount}]
        send_texts(order=order, kind="payment.returning", wordings=texts, key=key, now=now)
