"""Models of the ledger, of the release of what shops have earned, and of their bank accounts."""

from payouts.models.bank_accounts import BankAccount
from payouts.models.hand_payments import HandPayment, HandPaymentStatus, UnapprovedDay
from payouts.models.ledger import Account, AccountKind, Balance, Entry, Journal, JournalKind, clearing_code
from payouts.models.release import HoldReason, ReleaseHold, ReleaseSchedule, ReleaseTerms, Reserve
from payouts.models.runs import (
    CAME_TO_NOTHING,
    ENDED_WITHOUT_PAY,
    HAND,
    OPEN_PAYOUTS,
    UNDER_WAY,
    Payout,
    PayoutProblem,
    PayoutRecipient,
    PayoutRun,
    PayoutStatus,
    Place,
    RunStatus,
    Transfer,
    TransferPace,
    TransferStatus,
)

__all__ = [
    "CAME_TO_NOTHING",
    "ENDED_WITHOUT_PAY",
    "HAND",
    "OPEN_PAYOUTS",
    "UNDER_WAY",
    "Account",
    "AccountKind",
    "Balance",
    "BankAccount",
    "Entry",
    "HandPayment",
    "HandPaymentStatus",
    "HoldReason",
    "Journal",
    "JournalKind",
    "Payout",
    "PayoutProblem",
    "PayoutRecipient",
    "PayoutRun",
    "PayoutStatus",
    "Place",
    "ReleaseHold",
    "ReleaseSchedule",
    "ReleaseTerms",
    "Reserve",
    "RunStatus",
    "Transfer",
    "TransferPace",
    "TransferStatus",
    "UnapprovedDay",
    "clearing_code",
]
