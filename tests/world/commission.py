"""Commission rules that are on."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from payouts.commission.announcements import announce_rule
from payouts.commission.changing import draft_rule, switch_rule_on
from payouts.commission.inputs import RuleInput
from payouts.models import CommissionRule
from tests.world.clock import NOW


def rule_draft(name: str = "Fabrics", *, now: datetime = NOW, **values: Any) -> CommissionRule:
    """Draft a rule."""
    return draft_rule(data=RuleInput(name=name, **values), actor_id=None, now=now)


def rule_on(name: str = "Fabrics", *, now: datetime = NOW, replaces: bool = False, **values: Any) -> CommissionRule:
    """Draft a rule and switch it on."""
    drafted = rule_draft(name, now=now, **values)
    return switch_rule_on(rule_id=drafted.pk, actor_id=None, now=now, replaces=replaces)[0]


def announced(name: str = "Fabrics", *, now: datetime = NOW, **values: Any) -> CommissionRule:
    """Draft a rule, switch it on and have shops told of it."""
    with transaction.atomic():
        rule = rule_on(name, now=now, **values)
        announce_rule(rule=rule, now=now)
    return rule
