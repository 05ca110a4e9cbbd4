"""Values of transfers to bank accounts: what is asked of a provider, and what it reports.

They check their bounds when they are made, as all values of the port do.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from gateway import bounds
from gateway.references import ReferenceRule


class TransferState(StrEnum):
    """State of a transfer.

    `NOT_KNOWN` is not final: a provider may say so while it still validates a request.
    """

    PENDING = "pending"
    RECEIVED = "received"
    OTP = "otp"
    SUCCESS = "success"
    FAILED = "failed"
    REVERSED = "reversed"
    ABANDONED = "abandoned"
    BLOCKED = "blocked"
    REJECTED = "rejected"
    NOT_KNOWN = "not_known"


OPEN_STATES = frozenset({TransferState.PENDING, TransferState.RECEIVED, TransferState.OTP, TransferState.NOT_KNOWN})
RETURNED_STATES = frozenset(set(TransferState) - OPEN_STATES - {TransferState.SUCCESS})
"""States in which the money, with the fee, is back with us."""


@dataclass(frozen=True, slots=True)
class TransferRules:
    """Facts of a provider's transfers.

    Args:
        references: the form of our references.
        currencies: currencies in which money can be sent.
        most_at_once: transfers in one call of `transfer_many`.
        pause_seconds: the least time between two such calls.
    """

    references: ReferenceRule
    currencies: frozenset[str]
    most_at_once: int
    pause_seconds: float


@dataclass(frozen=True, slots=True)
class RecipientRequest:
    """A bank account to register; the same account has the same code, however often it is asked for.

    Args:
        key: our own name for the account, for people who look at the provider's list.
        bank_kind: the kind of its bank, as `Bank.kind` has it.
    """

    key: str
    holder_name: str
    number: str
    bank_code: str
    bank_kind: str
    currency: str


@dataclass(frozen=True, slots=True)
class Recipient:
    """A registered bank account, by the provider's code for it."""

    code: str
    number: str
    bank_code: str
    currency: str

    def __post_init__(self) -> None:
        bounds.identifier(self.code, "The code of a recipient")
        bounds.currency(self.currency)


@dataclass(frozen=True, slots=True)
class TransferRequest:
    """A transfer to ask for; the reference is ours and was committed beforehand.

    Args:
        recipient: the provider's code of the account.
        reason: a text for the account's holder.
    """

    reference: str
    recipient: str
    amount_minor: int
    currency: str
    reason: str


@dataclass(frozen=True, slots=True)
class TransferReport:
    """The provider's record of a transfer.

    Args:
        fees_minor: the provider's own fee, which left our balance with the amount; None where the answer tells none.
        recipient: the provider's code of the account; empty where the answer tells none.
    """

    reference: str
    state: TransferState
    amount_minor: int = 0
    currency: str = ""
    recipient: str = ""
    fees_minor: int | None = None
    provider_id: str = ""
    is_live: bool | None = None
    moved_at: datetime | None = None
    message: str = ""

    def __post_init__(self) -> None:
        bounds.amount(self.amount_minor, "The amount of a transfer")
        if self.fees_minor is not None:
            bounds.amount(self.fees_minor, "The fee of a transfer")
        if self.state != TransferState.NOT_KNOWN:
            bounds.currency(self.currency)
            bounds.identifier(self.provider_id, "The id of a transfer")
        if self.recipient:
            bounds.identifier(self.recipient, "The code of a recipient")
        object.__setattr__(self, "message", bounds.text(self.message, longest=200))
        object.__setattr__(self, "moved_at", bounds.moment(self.moved_at))


@dataclass(frozen=True, slots=True)
class ApprovalQuestion:
    """A transfer about which a provider asks before it moves money."""

    reference: str
    recipient: str
    amount_minor: int
    currency: str
