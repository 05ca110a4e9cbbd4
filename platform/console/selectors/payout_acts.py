"""Acts that are possible on a payout now, and advice, for its page and for programs alike."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from console.selectors.payout_advice import advice_for_payout
from kit.errors import DomainError
from payouts.models import ENDED_WITHOUT_PAY, HandPayment, Payout, PayoutStatus
from payouts.runs.step_conditions import find_hand_refusal, find_retry_refusal
from payouts.selectors.hand_payments import latest_hand_payment

MARK_PAID = "mark-paid"
PAYOUT_ACTS = ("hold", "release", "retry", "resolve", MARK_PAID)


@dataclass(frozen=True, slots=True)
class PayoutFacts:
    """Facts about a payout that follow from its state.

    Args:
        acts: possible now, by names of `PAYOUT_ACTS`.
        refusal: the error that sending it again would raise, of an unsuccessful one.
        hand_payment: its last payment by hand.
    """

    acts: list[str]
    refusal: DomainError | None
    hand_payment: HandPayment | None
    advice: str


def facts_of_payout(payout: Payout, *, now: datetime) -> PayoutFacts:
    """Return the acts that are possible on a payout now, with advice."""
    has_come_to_nothing = payout.status in ENDED_WITHOUT_PAY
    refusal = find_retry_refusal(payout, now=now) if has_come_to_nothing else None
    possible = (
        ("hold", payout.status == PayoutStatus.PREPARED),
        ("release", payout.status == PayoutStatus.HELD),
        ("retry", has_come_to_nothing and refusal is None),
        ("resolve", bool(payout.problem)),
        (MARK_PAID, find_hand_refusal(payout) is None),
    )
    acts = [name for name, is_possible in possible if is_possible]
    hand_payment = latest_hand_payment(payout_id=UUID(str(payout.pk)))
    return PayoutFacts(acts, refusal, hand_payment, advice_for_payout(payout, refusal))
