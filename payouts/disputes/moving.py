"""Arrival and end of a dispute in our books; the payment's order is locked by who calls."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_noop

from gateway.disputes import DisputeReport
from payouts.disputes.money import DisputedShare, LostShare, end_money, hold_money
from payouts.disputes.steps import add_step
from payouts.models import Dispute, DisputePart, DisputeStatus, HoldReason
from payouts.release.holds import Hold, close_hold, open_hold

BEYOND_LEFT = gettext_noop("The claim is more than what is left of the payment.")
BEYOND_LOST = gettext_noop("The provider has taken more than what was left of the payment: the market bears the rest.")
REFUND_UNDER_WAY = gettext_noop(
    "A refund of this payment is on its way at the provider: answer the bank with it, so that the buyer is paid once."
)
REFUND_WAITS = gettext_noop(
    "A refund of this payment was asked for and is not sent before the dispute ends: accept the dispute to give the "
    "money back."
)
ENDED = ["status", "status_at", "resolution", "lost_minor", "problem", "steps", "answer_by", "due_at"]


@dataclass(frozen=True, slots=True)
class DisputedPayment:
    """The payment that a dispute is of, as its order knows it."""

    provider: str
    payment_id: UUID
    reference: str
    order_number: str
    currency: str


def open_dispute(
    *, payment: DisputedPayment, report: DisputeReport, shares: Sequence[DisputedShare], now: datetime
) -> Dispute:
    """Write a dispute, hold the release of the orders concerned and the shops' money of it.

    The unique constraint of the provider's id refuses a second one; the order's lock lets one wait for the other.
    """
    dispute = Dispute(
        provider=payment.provider,
        provider_id=report.provider_id,
        payment_id=payment.payment_id,
        reference=payment.reference,
        order_number=payment.order_number,
        currency=payment.currency,
        claimed_minor=report.amount_minor,
        amount_minor=sum(share.amount_minor for share in shares),
        category=report.category,
        claim=report.claim,
        status=DisputeStatus.OPEN,
        status_at=now,
        opened_at=report.opened_at or now,
        answer_by=report.due_at,
        created_at=now,
    )
    if dispute.amount_minor < dispute.claimed_minor:
        dispute.problem = BEYOND_LEFT
    add_step(dispute, "opened", now=now, text=report.claim)
    dispute.save(force_insert=True)
    _hold(dispute, shares, now)
    return dispute


def note_refunds(dispute: Dispute, *, is_under_way: bool) -> None:
    """Write to a locked dispute that has just come that money of its payment is on its way back by a refund."""
    dispute.problem = REFUND_UNDER_WAY if is_under_way else REFUND_WAITS
    dispute.save(update_fields=["problem"])


def hold_more(dispute: Dispute, *, shares: Sequence[DisputedShare], now: datetime) -> None:
    """Hold more money of a locked dispute that is undecided, which another dispute of its payment held before."""
    dispute.amount_minor += sum(share.amount_minor for share in shares)
    if dispute.problem == BEYOND_LEFT and dispute.amount_minor == dispute.claimed_minor:
        dispute.problem = ""
    add_step(dispute, "held", now=now)
    dispute.save(update_fields=["amount_minor", "problem", "steps"])
    _hold(dispute, shares, now)


def mark_loss_covered(dispute: Dispute, *, is_all: bool, now: datetime) -> None:
    """Write to a locked dispute that was lost that shops have borne of its loss what another dispute held before."""
    if is_all and dispute.problem == BEYOND_LOST:
        dispute.problem = ""
    add_step(dispute, "borne", now=now)
    dispute.save(update_fields=["problem", "steps"])


def end_dispute(
    dispute: Dispute,
    *,
    status: DisputeStatus,
    resolution: str,
    lost_minor: int,
    lost: Mapping[UUID, LostShare],
    now: datetime,
) -> None:
    """End a locked dispute that is undecided: its holds close, and its money goes where it belongs."""
    dispute.status, dispute.status_at, dispute.resolution = status, now, resolution
    dispute.lost_minor, dispute.due_at = lost_minor, None
    if lost_minor > dispute.amount_minor:
        dispute.problem = BEYOND_LOST
    elif dispute.problem in {REFUND_UNDER_WAY, REFUND_WAITS}:
        dispute.problem = ""
    add_step(dispute, str(status), now=now)
    dispute.save(update_fields=ENDED)
    for part in end_money(dispute, lost=lost, now=now):
        close_hold(source=source_of(part), now=now)


def _hold(dispute: Dispute, shares: Sequence[DisputedShare], now: datetime) -> None:
    earned = {share.part.sub_order_id: share.part for share in shares}
    for part in hold_money(dispute, shares, now=now):
        open_hold(part=earned[part.sub_order_id], hold=Hold(HoldReason.DISPUTE, source_of(part)), now=now)


def source_of(part: DisputePart) -> str:
    """Return the name of the hold of a part."""
    return f"{HoldReason.DISPUTE}:{part.pk}"
