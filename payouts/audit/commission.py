"""The audit's check of the compiled commission rules."""

import json
from collections.abc import Sequence

from django.utils.translation import gettext_lazy

from payouts.audit.checks import Answers, AuditCheck
from payouts.audit.findings import Finding, Found, found_in
from payouts.commission.compiling import compile_rules
from payouts.models import CommissionRuleset
from tenants.schemas.look_up import ShopSchema
from tenants.shops.market_terms import commission_version


def find_uncompiled(_shops: Sequence[ShopSchema], _answers: Answers) -> Found:
    """Find out whether purchases use other rules than those that are on, or know of another version."""
    stored = CommissionRuleset.objects.first()
    named = commission_version()
    findings = []
    if (stored.version if stored else 0) != named:
        findings.append(Finding("commission rules", f"version {named}", f"version {stored and stored.version}"))
    if stored is not None and stored.compiled_at is not None:
        expected = compile_rules(compiled_at=stored.compiled_at)
        if expected != stored.content:
            shown = (json.dumps(each, sort_keys=True)[:300] for each in (expected, stored.content))
            findings.append(Finding("commission rules", *shown))
    return found_in(findings)


COMMISSION_RULES = AuditCheck(
    "commission_rules",
    gettext_lazy("Purchases use exactly the commission rules that are on"),
    find_uncompiled,
    is_quick=True,
)
