"""The audit of the money: everything recomputed from what is stored, and compared."""

from payouts.audit.checks import Answers, AuditCheck, ask_shops, check_in_shops, find_by_statement
from payouts.audit.findings import AuditReport, CheckResult, Finding, Found, Verdict, found_in
from payouts.audit.in_transit import ASKED_AT_MOST, BalanceKey, Confirmed, MoneyInTransit, PendingMovement
from payouts.audit.run import run_audit

__all__ = [
    "ASKED_AT_MOST",
    "Answers",
    "AuditCheck",
    "AuditReport",
    "BalanceKey",
    "CheckResult",
    "Confirmed",
    "Finding",
    "Found",
    "MoneyInTransit",
    "PendingMovement",
    "Verdict",
    "ask_shops",
    "check_in_shops",
    "find_by_statement",
    "found_in",
    "run_audit",
]
