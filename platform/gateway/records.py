"""A provider's own records of charges, refunds, transfers and settlements, to be compared with the ledger."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from gateway import bounds


class RecordKind(StrEnum):
    """Kind of a movement of money at a provider; a settlement is paid from what it holds to our own bank account."""

    CHARGE = "charge"
    REFUND = "refund"
    TRANSFER = "transfer"
    SETTLEMENT = "settlement"


class RecordState(StrEnum):
    """State of a movement: what is under way may still move; what has not moved never did, or came back."""

    MOVED = "moved"
    UNDER_WAY = "under_way"
    NOT_MOVED = "not_moved"


@dataclass(frozen=True, slots=True)
class ProviderRecord:
    """A movement that a provider has on record.

    Args:
        reference: our reference of a charge or a transfer, our key of a refund; empty for what we did not ask for.
        provider_id: the provider's own id.
        amount_minor: what was paid, given back or sent, without the fee.
        fees_minor: the provider's fee; None where the record does not say.
        dispute_id: the provider's id of the dispute by which it was given back, where a buyer's bank has taken it.
        happened_at: the time at which the provider made the record.
    """

    kind: RecordKind
    reference: str
    provider_id: str
    state: RecordState
    currency: str
    amount_minor: int
    happened_at: datetime
    fees_minor: int | None = None
    dispute_id: str = ""

    def __post_init__(self) -> None:
        bounds.currency(self.currency)
        bounds.amount(self.amount_minor, "The amount of a record")
        if self.dispute_id:
            bounds.identifier(self.dispute_id, "The dispute of a record")
        bounds.amount(self.fees_minor or 0, "The fee of a record")
