"""Payments by hand of payouts, for operators."""

from uuid import UUID

from payouts.models import HandPayment


def latest_hand_payment(*, payout_id: UUID) -> HandPayment | None:
    """Return the payment that was recorded last for a payout, decided or not."""
    found = HandPayment.objects.filter(payout_id=payout_id).select_related("recorded_by").order_by("-pk")
    return found.first()
