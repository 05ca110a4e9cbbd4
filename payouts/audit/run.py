"""Making an audit."""

from collections.abc import Sequence
from datetime import datetime

from kit.db.snapshots import one_moment
from kit.wiring import contributions
from payouts.audit.checks import AuditCheck
from payouts.audit.findings import AuditReport, CheckResult, Verdict
from payouts.audit.provider import compare_with_providers, held_by_ledger
from tenants.selectors.schemas import ShopSchema, list_shop_schemas


def run_audit(*, with_provider: bool, now: datetime) -> AuditReport:
    """Recompute everything from one snapshot, so that what happens meanwhile does not look wrong.

    Args:
        with_provider: also ask the payment provider what it holds.
    """
    with one_moment():
        shops = list_shop_schemas()
        results = [_run(check, shops) for check in contributions(AuditCheck)]
        held = held_by_ledger()
    if with_provider:
        results.append(compare_with_providers(held))
    return AuditReport(made_at=now, results=tuple(results))


def _run(check: AuditCheck, shops: Sequence[ShopSchema]) -> CheckResult:
    found = check.find(shops)
    verdict = Verdict.OFF if found.total else Verdict.OK
    return CheckResult(check.name, check.proves, verdict, tuple(found.findings), found.total)
