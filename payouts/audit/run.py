"""Making an audit."""

from collections.abc import Sequence
from datetime import datetime

from kit.db.pipeline import Rows
from kit.db.snapshots import one_moment
from kit.wiring import contributions
from payouts.audit.checks import Answers, AuditCheck, ask_shops, linear_joins
from payouts.audit.findings import AuditReport, CheckResult, Verdict
from payouts.audit.provider import compare_with_providers, held_by_ledger
from tenants.schemas.look_up import ShopSchema, list_shop_schemas


def run_audit(*, with_provider: bool, now: datetime) -> AuditReport:
    """Recompute everything from one snapshot, so that later changes are not reported as differences.

    Args:
        with_provider: also ask the payment provider what it holds.
    """
    with one_moment():
        shops = list_shop_schemas()
        checks = contributions(AuditCheck)
        answers = ask_checks(checks, shops)
        results = [_run(check, shops, answers.get(check.name, [])) for check in checks]
        held = held_by_ledger()
    if with_provider:
        results.append(compare_with_providers(held))
    return AuditReport(made_at=now, results=tuple(results))


def ask_checks(checks: Sequence[AuditCheck], shops: Sequence[ShopSchema]) -> dict[str, list[tuple[ShopSchema, Rows]]]:
    """Ask each shop what the checks want to know of it, and return the answers by check."""
    asked = {check.name: check.in_shops for check in checks if check.in_shops is not None}
    answers: dict[str, list[tuple[ShopSchema, Rows]]] = {name: [] for name in asked}
    for shop, found in ask_shops(list(asked.values()), shops):
        for name, rows in zip(asked, found, strict=True):
            answers[name].append((shop, rows))
    return answers


def _run(check: AuditCheck, shops: Sequence[ShopSchema], answers: Answers) -> CheckResult:
    with linear_joins(is_quick=check.is_quick):
        found = check.find(shops, answers)
    verdict = Verdict.OFF if found.total else Verdict.OK
    return CheckResult(check.name, str(check.proves), verdict, tuple(found.findings), found.total)
