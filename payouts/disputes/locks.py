"""Lock of a dispute; its row guards its parts, its evidence and its answers too."""

from uuid import UUID

from kit.errors import NotFoundError
from payouts.models import Dispute


def lock_dispute(*, dispute_id: UUID) -> Dispute:
    """Lock a dispute; needs an open transaction.

    Raises:
        NotFoundError: there is none.
    """
    found = Dispute.objects.select_for_update().filter(pk=dispute_id).first()
    if found is None:
        raise NotFoundError
    return found


def lock_other_disputes(dispute: Dispute) -> list[Dispute]:
    """Lock the other disputes of a locked dispute's payment, in primary-key order; its order is locked before."""
    others = Dispute.objects.select_for_update().filter(payment_id=dispute.payment_id).exclude(pk=dispute.pk)
    return list(others.order_by("pk"))


def lock_disputes_of(*, payment_id: UUID) -> list[Dispute]:
    """Lock the disputes of a payment, in primary-key order; the payment and its refunds are locked before."""
    return list(Dispute.objects.select_for_update().filter(payment_id=payment_id).order_by("pk"))


def lock_known_dispute(*, provider: str, provider_id: str) -> Dispute | None:
    """Lock the dispute of a provider's id; None where we have none; needs an open transaction."""
    return Dispute.objects.select_for_update().filter(provider=provider, provider_id=provider_id).first()
