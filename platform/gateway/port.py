"""The port to payment providers: the operations and values that every adapter implements.

Values check their bounds when an adapter makes them (`gateway.bounds`): one that cannot be stored raises
`UnreadableAnswerError`, a text that is only shown is cleaned.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from gateway import bounds
from gateway.disputes import DisputeAnswer, DisputeEvidence, DisputeFile, DisputeReport
from gateway.errors import UnreadableAnswerError, UnsupportedError
from gateway.events import ProviderEvent
from gateway.facts import Capabilities, ChargeLimits
from gateway.records import ProviderRecord, RecordKind
from gateway.references import ReferenceRule
from gateway.transfers import (
    ApprovalQuestion,
    Recipient,
    RecipientRequest,
    TransferReport,
    TransferRequest,
    TransferRules,
)


class ChargeStatus(StrEnum):
    """Status of an attempt to charge. Only success and reversed are final: a page can be tried again."""

    SUCCESS = "success"
    PENDING = "pending"
    NOT_PAID = "not_paid"
    FAILED = "failed"
    REVERSED = "reversed"
    NOT_KNOWN = "not_known"


class RefundState(StrEnum):
    """Status of a refund."""

    PENDING = "pending"
    PROCESSED = "processed"
    FAILED = "failed"
    NEEDS_ATTENTION = "needs_attention"


@dataclass(frozen=True, slots=True)
class ChargeRequest:
    """A charge to ask for; the reference is ours and was committed beforehand."""

    reference: str
    amount_minor: int
    currency: str
    email: str
    callback_url: str
    metadata: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PaymentPage:
    """Address of the page on which the buyer pays."""

    reference: str
    url: str

    def __post_init__(self) -> None:
        bounds.address(self.url)


@dataclass(frozen=True, slots=True)
class Verification:
    """The provider's answer about a reference.

    Args:
        fees_minor: the provider's own fee, taken from what it holds for us.
        is_live: whether real money moved.
    """

    reference: str
    status: ChargeStatus
    amount_minor: int = 0
    currency: str = ""
    fees_minor: int = 0
    is_live: bool = False
    provider_id: str = ""
    channel: str = ""
    paid_at: datetime | None = None
    message: str = ""

    def __post_init__(self) -> None:
        bounds.amount(self.amount_minor, "The amount")
        bounds.amount(self.fees_minor, "The fee")
        if self.currency or self.status == ChargeStatus.SUCCESS:
            bounds.currency(self.currency)
        if self.provider_id or self.status == ChargeStatus.SUCCESS:
            bounds.identifier(self.provider_id, "The id of the charge")
        _set(
            self,
            channel=bounds.text(self.channel, longest=20),
            message=bounds.text(self.message, longest=200),
            paid_at=bounds.moment(self.paid_at),
        )


@dataclass(frozen=True, slots=True)
class RefundRequest:
    """A refund to ask for; `key` is ours and finds it again: 40 of `[0-9a-z.-]` at most, and another for each try."""

    key: str
    charge_reference: str
    amount_minor: int
    currency: str
    reason: str


@dataclass(frozen=True, slots=True)
class RefundReport:
    """The provider's record of a refund; `key` is empty for one that we did not ask for."""

    key: str
    provider_id: str
    amount_minor: int
    currency: str
    state: RefundState
    processed_at: datetime | None = None
    message: str = ""

    def __post_init__(self) -> None:
        bounds.identifier(self.provider_id, "The id of a refund")
        bounds.amount(self.amount_minor, "The amount of a refund")
        if self.currency:
            bounds.currency(self.currency)
        _set(self, processed_at=bounds.moment(self.processed_at), message=bounds.text(self.message, longest=200))


@dataclass(frozen=True, slots=True)
class ProviderBalance:
    """Our balance at the provider in a currency."""

    currency: str
    amount_minor: int

    def __post_init__(self) -> None:
        bounds.currency(self.currency)
        bounds.amount(self.amount_minor, "The balance", may_be_negative=True)


@dataclass(frozen=True, slots=True)
class Bank:
    """A bank, or another place that money can be sent to."""

    name: str
    code: str
    currency: str
    kind: str

    def __post_init__(self) -> None:
        bounds.currency(self.currency)
        bounds.identifier(self.code, "The code of a bank", longest=20)
        _set(self, name=bounds.text(self.name, longest=120), kind=bounds.text(self.kind, longest=40))
        if not self.name:
            raise UnreadableAnswerError("A bank has no name.")


@dataclass(frozen=True, slots=True)
class BankAccount:
    """An account as its bank knows it."""

    number: str
    name: str
    bank_code: str

    def __post_init__(self) -> None:
        _set(self, name=bounds.text(self.name, longest=160))


def _set(instance: object, **values: object) -> None:
    """Replace values of a frozen instance while it is being made."""
    for name, value in values.items():
        object.__setattr__(instance, name, value)


class PaymentProvider(Protocol):
    """A payment provider; an adapter inherits from it and leaves out what its provider does not do.

    The facts, `is_authentic`, `parse_event` and `parse_approval` call no network. Every other method does, and refuses
    to do so inside a database transaction. Every one of these may raise `ProviderUnavailableError` (the outcome is
    unknown) or `ProviderRefusedError` (it had no effect). Amounts are minor units of ISO 4217 (kit.money); what the
    provider counts in is its adapter's business.
    """

    label: str
    """The provider's name for people."""
    signature_header: str = ""
    """The header that every inbound event carries, in small letters; empty where there is none to look for."""
    capabilities: Capabilities
    limits: ChargeLimits
    references: ReferenceRule
    transfers: TransferRules | None = None
    """Facts of its transfers; None for providers that send no money to bank accounts."""

    @property
    def is_live(self) -> bool:
        """Return whether real money moves."""
        ...

    def is_authentic(self, *, body: bytes, headers: Mapping[str, str]) -> bool:
        """Return whether an inbound event comes from the provider, judged by its raw body."""
        ...

    def parse_event(self, *, body: bytes) -> ProviderEvent:
        """Return the event that an authentic body describes; `UNREADABLE_EVENT` for one that makes no sense, no error.

        Only the body is used, because only the body is stored and read again when the event is processed.
        """
        ...

    def initialise(self, request: ChargeRequest) -> PaymentPage:
        """Ask for a page where the buyer pays.

        Raises:
            DuplicateReferenceError: the provider knows the reference already.
        """
        ...

    def verify(self, reference: str) -> Verification:
        """Ask for the status of a charge; a reference that the provider does not know is `NOT_KNOWN`."""
        ...

    def refund(self, request: RefundRequest) -> RefundReport:
        """Give back a part or all of a charge."""
        ...

    def find_refunds(self, *, charge_id: str, since: datetime) -> Sequence[RefundReport]:
        """Return the refunds of a charge that were asked for since a time.

        Args:
            charge_id: the provider's own id of the charge, as verify returned it.
            since: when the oldest one that matters was asked for, or earlier.
        """
        ...

    def find_refund(self, *, key: str) -> RefundReport | None:
        """Return the newest refund that was asked for with our key; for providers that find one by it."""
        raise UnsupportedError(key)

    def balance(self) -> Sequence[ProviderBalance]:
        """Return our balances at the provider."""
        ...

    def records(self, *, kind: RecordKind, since: datetime, until: datetime) -> Iterator[ProviderRecord]:
        """Yield the records of a kind that the provider made between two times, page by page; charges only if paid.

        A record may come twice, where new ones have moved it to the next page meanwhile.
        """
        raise UnsupportedError(kind)

    def find_dispute(self, provider_id: str) -> DisputeReport | None:
        """Return a dispute by the provider's id; None for one that it does not know; for providers with disputes."""
        raise UnsupportedError(provider_id)

    def disputes(self, *, since: datetime, until: datetime) -> Iterator[DisputeReport]:
        """Yield the disputes that were opened between two times, of any status, page by page.

        A dispute may come twice, as with `records`.
        """
        raise UnsupportedError(str(since))

    def add_dispute_evidence(self, evidence: DisputeEvidence) -> str:
        """Send a statement about the sale, and return the provider's id of it, which an answer names.

        It counts only once an answer names it, so that after `ProviderUnavailableError` it is sent again.
        """
        raise UnsupportedError(evidence.dispute_id)

    def upload_dispute_file(self, file: DisputeFile) -> str:
        """Send a file, and return the provider's name of it, which an answer gives; otherwise as a statement."""
        raise UnsupportedError(file.dispute_id)

    def answer_dispute(self, answer: DisputeAnswer) -> None:
        """Accept a dispute, or decline it.

        After `ProviderUnavailableError` ask by `find_dispute`: only a dispute that still awaits an answer is answered
        again. A dispute that was answered or is over refuses another answer.
        """
        raise UnsupportedError(answer.dispute_id)

    def banks(self, *, currency: str) -> Sequence[Bank]:
        """Return the banks that take payouts in a currency; for providers that resolve accounts."""
        raise UnsupportedError(currency)

    def resolve_account(self, *, number: str, bank_code: str) -> BankAccount:
        """Ask a bank whose account it is; for providers that resolve accounts."""
        raise UnsupportedError(f"{bank_code} {number[-4:]}")

    def create_recipient(self, request: RecipientRequest) -> Recipient:
        """Register a bank account, or find it registered; for providers that send transfers.

        It can be asked for again after a lost answer: an account is registered once.
        """
        raise UnsupportedError(request.key)

    def transfer(self, request: TransferRequest) -> TransferReport:
        """Send money to a recipient; for providers that send transfers.

        After `ProviderUnavailableError` the transfer may be under way: ask by `find_transfer`, and send again with the
        same reference alone.

        Raises:
            DuplicateReferenceError: the provider knows the reference already.
            BalanceTooLowError: our balance does not cover the amount and its fee; nothing was sent.
        """
        raise UnsupportedError(request.reference)

    def transfer_many(self, requests: Sequence[TransferRequest]) -> Sequence[TransferReport]:
        """Send money to several recipients, in one currency and within `transfers.most_at_once`.

        A refusal is about all of them: none was sent. A line that the provider knows already is answered with its
        state, one that it does not take as `REJECTED`; the outcome of a line without a report is unknown.

        Raises:
            BalanceTooLowError: our balance does not cover all of them with their fees; none was sent.
            OtpRequiredError: a person would have to confirm each with a code; none was sent.
        """
        raise UnsupportedError(", ".join(request.reference for request in requests[:1]))

    def find_transfer(self, reference: str) -> TransferReport:
        """Ask for the state of a transfer; a reference that the provider does not know (yet) is `NOT_KNOWN`.

        Its report of a success names the fee.
        """
        raise UnsupportedError(reference)

    def parse_approval(self, *, body: bytes) -> ApprovalQuestion | None:
        """Return the transfer about which the provider asks for our approval; None for a body that names none.

        A provider that asks no such question leaves it out.
        """
        return None
