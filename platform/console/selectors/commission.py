"""Commission rules and their trials as the console shows them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from django.utils.translation import gettext

from checkout.commission.goods import name_goods
from checkout.commission.trials import TrialRow, trial_rows
from payouts.commission.describing import describe_terms
from payouts.commission.selectors import status_of
from payouts.models import CommissionRule, CommissionTrial, RuleStatus

MOST_SHOPS = 100


@dataclass(frozen=True, slots=True)
class ShownRule:
    """A rule with its status, its shops and goods by name, and its terms in sentences."""

    rule: CommissionRule
    status: RuleStatus
    shops: str
    goods: str
    terms: tuple[str, ...]

    @classmethod
    def of(cls, rule: CommissionRule, *, now: datetime) -> Self:
        """Return a rule as it is shown."""
        return cls(rule, status_of(rule, now=now), _shops(rule), name_goods([rule])(rule), tuple(describe_terms(rule)))


@dataclass(frozen=True, slots=True)
class ShownTrial:
    """A trial with its figures.

    Args:
        problem: the reason why it was given up.
    """

    trial: CommissionTrial
    totals: Sequence[TrialRow]
    shops: Sequence[TrialRow]
    is_complete: bool
    problem: str


def shown_trial(trial: CommissionTrial) -> ShownTrial:
    """Return a trial as it is shown."""
    totals, shops = trial_rows(trial)
    is_over = trial.ended_at is not None
    return ShownTrial(
        trial, totals, shops[:MOST_SHOPS], is_over and not trial.last_error, trial.last_error if is_over else ""
    )


def _shops(rule: CommissionRule) -> str:
    if rule.shop is not None:
        return rule.shop.name
    if rule.plan is not None:
        return gettext("Shops on the plan %(plan)s") % {"plan": rule.plan.name}
    return gettext("All shops")
