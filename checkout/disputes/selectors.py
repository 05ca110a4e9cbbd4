"""Disputes of a buyer: of all orders of the account, or of the address."""

from uuid import UUID

from django.db.models import Q

from checkout.models import Payment
from payouts.disputes.selectors import DisputeCounts, disputes_of_payments

MOST_PAYMENTS = 1_000


def disputes_of_buyer(*, payment_id: UUID) -> DisputeCounts:
    """Return the numbers of disputes of a payment's buyer, by account and by e-mail address."""
    order = Payment.objects.select_related("order").get(pk=payment_id).order
    same = Q(order__email__iexact=order.email)
    if order.buyer_id is not None:
        same |= Q(order__buyer_id=order.buyer_id)
    paid = Payment.objects.filter(same, captured_at__isnull=False).order_by("-id")
    return disputes_of_payments(payment_ids=list(paid.values_list("id", flat=True)[:MOST_PAYMENTS]))
