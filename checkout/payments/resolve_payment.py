"""Resolving a payment that an operator had to look at."""

from datetime import datetime

from django.db import transaction

from checkout.models import Payment
from checkout.orders.operations import payments_needing_attention
from checkout.orders.payments import find_payment, lock_payment


def resolve_payment(*, reference: str, now: datetime) -> Payment | None:
    """Remove a payment from the list that operators look at; nothing is booked or refunded by this.

    Returns:
        The payment, or None where no payment with this reference needs an operator.
    """
    found = find_payment(reference=reference)
    if found is None:
        return None
    with transaction.atomic():
        payment = lock_payment(payment_id=found.pk)
        if not payments_needing_attention().filter(pk=payment.pk).exists():
            return None
        payment.dealt_with_at = now
        payment.save(update_fields=["dealt_with_at"])
    return payment
