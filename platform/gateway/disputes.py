"""Values of disputes: what a buyer's bank claims of a charge, what we answer, and what a provider reports.

They check their bounds when they are made, as all values of the port do.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from gateway import bounds
from gateway.errors import UnreadableAnswerError

LONGEST_REFERENCE = 50  # as the column of payments


class DisputeState(StrEnum):
    """State of a dispute. Won and lost are final."""

    AWAITING_ANSWER = "awaiting_answer"
    WITH_BANK = "with_bank"
    WON = "won"
    LOST = "lost"


class Resolution(StrEnum):
    """Reason of a dispute's end, or of its way to the bank."""

    ACCEPTED = "accepted"
    LAPSED = "lapsed"
    DECLINED = "declined"


class DisputeMove(StrEnum):
    """Move of a dispute that an event tells of."""

    CREATED = "created"
    REMINDED = "reminded"
    RESOLVED = "resolved"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class DisputeReport:
    """A provider's record of a dispute.

    Args:
        provider_id: the provider's own id.
        reference: our reference of the charge.
        amount_minor: claimed; of a lost one what it has taken.
        category: the provider's word for the claim, as `chargeback` or `fraud`.
        claim: words of the buyer or their bank.
        due_at: the end of the time to answer.
        resolution: why it is at its state; None before an answer.
    """

    provider_id: str
    reference: str
    amount_minor: int
    currency: str
    state: DisputeState
    category: str = ""
    claim: str = ""
    opened_at: datetime | None = None
    due_at: datetime | None = None
    resolved_at: datetime | None = None
    resolution: Resolution | None = None
    is_live: bool = False

    def __post_init__(self) -> None:
        bounds.identifier(self.provider_id, "The id of a dispute")
        bounds.identifier(self.reference, "The charge of a dispute", longest=LONGEST_REFERENCE)
        bounds.amount(self.amount_minor, "The amount of a dispute")
        bounds.currency(self.currency)
        if self.state == DisputeState.LOST and not self.amount_minor:
            raise UnreadableAnswerError("A dispute is lost without an amount.")
        object.__setattr__(self, "category", bounds.text(self.category, longest=40))
        object.__setattr__(self, "claim", bounds.text(self.claim, longest=500))
        for name in ("opened_at", "due_at", "resolved_at"):
            object.__setattr__(self, name, bounds.moment(getattr(self, name)))


@dataclass(frozen=True, slots=True)
class DisputeEvidence:
    """Statement about the sale that a dispute is of.

    Args:
        service_details: what was sold, and how it was delivered.
        delivered_on: the day of the delivery; None before it.
    """

    dispute_id: str
    customer_email: str
    customer_name: str
    customer_phone: str
    service_details: str
    delivery_address: str = ""
    delivered_on: date | None = None


@dataclass(frozen=True, slots=True)
class DisputeFile:
    """A file that proves something, to be sent to the provider."""

    dispute_id: str
    content: bytes = field(repr=False)
    content_type: str


@dataclass(frozen=True, slots=True)
class DisputeAnswer:
    """Our answer to a dispute: it is accepted, or declined with evidence.

    Args:
        message: our reason, with our own key of the answer in it.
        amount_minor: given up; 0 of a declined one.
        file_name: the provider's name of an uploaded file, or empty.
        evidence_id: the provider's id of a statement, or empty.
    """

    dispute_id: str
    is_accepted: bool
    message: str
    amount_minor: int
    file_name: str = ""
    evidence_id: str = ""
