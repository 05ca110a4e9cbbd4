"""Models of the ledger, of the release of what shops have earned, and of their bank accounts."""

from payouts.models.bank_accounts import BankAccount
from payouts.models.ledger import Account, AccountKind, Balance, Entry, Journal, JournalKind, clearing_code
from payouts.models.release import HoldReason, ReleaseHold, ReleaseSchedule, ReleaseTerms, Reserve

__all__ = [
    "Account",
    "AccountKind",
    "Balance",
    "BankAccount",
    "Entry",
    "HoldReason",
    "Journal",
    "JournalKind",
    "ReleaseHold",
    "ReleaseSchedule",
    "ReleaseTerms",
    "Reserve",
    "clearing_code",
]
