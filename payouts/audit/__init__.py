"""The audit of the money: everything recomputed from what is stored, and compared."""

from payouts.audit.findings import AuditReport, CheckResult, Finding, Verdict
from payouts.audit.run import run_audit

__all__ = ["AuditReport", "CheckResult", "Finding", "Verdict", "run_audit"]
