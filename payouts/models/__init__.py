"""Models of the ledger, of commission, of the release of what shops have earned, and of their bank accounts."""

from payouts.models.bank_accounts import BankAccount
from payouts.models.commission import (
    CommissionPlan,
    CommissionRule,
    CommissionRuleset,
    CommissionTrial,
    RuleStatus,
    ShopPlan,
)
from payouts.models.hand_payments import HandPayment, HandPaymentStatus, UnapprovedDay
from payouts.models.ledger import Account, AccountKind, Balance, Entry, Journal, JournalKind, clearing_code
from payouts.models.reconciliation import Cause, Difference, DifferenceKind, ReconciliationRun
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
from payouts.models.schedules import PayoutSchedule, Rhythm
from payouts.models.watch import CheckFinding, CheckOutcome, CheckRun, WatchRound

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
    "Cause",
    "CheckFinding",
    "CheckOutcome",
    "CheckRun",
    "CommissionPlan",
    "CommissionRule",
    "CommissionRuleset",
    "CommissionTrial",
    "Difference",
    "DifferenceKind",
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
    "PayoutSchedule",
    "PayoutStatus",
    "Place",
    "ReconciliationRun",
    "ReleaseHold",
    "ReleaseSchedule",
    "ReleaseTerms",
    "Reserve",
    "Rhythm",
    "RuleStatus",
    "RunStatus",
    "ShopPlan",
    "Transfer",
    "TransferPace",
    "TransferStatus",
    "UnapprovedDay",
    "WatchRound",
    "clearing_code",
]
