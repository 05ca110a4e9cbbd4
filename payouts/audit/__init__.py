"""The audit of the money: everything recomputed from what is stored, and compared."""

from payouts.audit.checks import Answers, AuditCheck, ask_shops, check_in_shops, find_by_statement
from payouts.audit.findings import AuditReport, CheckResult, Finding, Found, Verdict, found_in
from payouts.audit.run import run_audit
from payouts.audit.under_way import ASKED_AT_MOST, Confirmed, MoneyUnderWay, Moving, Purse

__all__ = [
    "ASKED_AT_MOST",
    "Answers",
    "AuditCheck",
    "AuditReport",
    "CheckResult",
    "Confirmed",
    "Finding",
    "Found",
    "MoneyUnderWay",
    "Moving",
    "Purse",
    "Verdict",
    "ask_shops",
    "check_in_shops",
    "find_by_statement",
    "found_in",
    "run_audit",
]
