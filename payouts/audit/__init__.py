"""The audit of the money: everything recomputed from what is stored, and compared."""

from payouts.audit.checks import AuditCheck, ask_shops, find_by_statement, find_in_shops
from payouts.audit.findings import AuditReport, CheckResult, Finding, Found, Verdict, found_in
from payouts.audit.provider import MoneyUnderWay, Purse
from payouts.audit.run import run_audit

__all__ = [
    "AuditCheck",
    "AuditReport",
    "CheckResult",
    "Finding",
    "Found",
    "MoneyUnderWay",
    "Purse",
    "Verdict",
    "ask_shops",
    "find_by_statement",
    "find_in_shops",
    "found_in",
    "run_audit",
]
