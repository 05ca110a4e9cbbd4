"""The provider's question before money moves: is this transfer ours? Answered from our records alone."""

from gateway.transfers import ApprovalQuestion
from payouts.models import UNDER_WAY, PayoutStatus, RunStatus, Transfer


def is_approved(*, provider: str, question: ApprovalQuestion) -> bool:
    """Return whether we have a transfer under way with exactly this reference, amount, currency and recipient."""
    return Transfer.objects.filter(
        provider=provider,
        reference=question.reference,
        amount_minor=question.amount_minor,
        currency=question.currency,
        recipient=question.recipient,
        state__in=UNDER_WAY,
        payout__status=PayoutStatus.SENDING,
        payout__run__status=RunStatus.SENDING,
    ).exists()
