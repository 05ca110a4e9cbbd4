"""Ending the wait of a payment that needed a look, because an operator has dealt with it."""

from datetime import datetime

from django.db import transaction

from checkout.models import Payment
from checkout.orders.operations import payments_to_look_at
from checkout.orders.payments import find_payment, lock_payment


def resolve_payment(*, reference: str, now: datetime) -> Payment | None:
    """Take a payment off the list of those that need a look; nothing is booked or given back by this.

    Returns:
        The payment, or None where there is none of this reference that needs anybody.
    """
    found = find_payment(reference=reference)
    if found is None:
        return None
    with transaction.atomic():
        payment = lock_payment(payment_id=found.pk)
        if not payments_to_look_at().filter(pk=payment.pk).exists():
            return None
        payment.dealt_with_at = now
        payment.save(update_fields=["dealt_with_at"])
    return payment
