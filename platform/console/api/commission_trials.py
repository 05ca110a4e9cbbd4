"""Trials of commission rules over the operators' API."""

from typing import Any
from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.access import signed_in_user
from checkout.commission.trials import start_trial, trial_rows
from console.access import OperatorApi
from console.api.commission_outputs import TRIAL, CommissionTrialOutput
from console.api.commission_rules import TAGS
from kit.api.bodies import without_body
from kit.api.idempotent import takes_key
from kit.api.refusals import answer, refusals
from kit.errors import NotFoundError
from payouts.commission.selectors import get_rule, last_trial
from payouts.models import CommissionTrial

MOST_SHOPS = 200


class OperatorCommissionTrialApi(OperatorApi):
    """A rule tried on last month's orders."""

    @extend_schema(
        operation_id="operator_commission_trial_read",
        summary="Read the trial of a rule",
        tags=TAGS,
        responses={200: CommissionTrialOutput, **refusals(NotFoundError)},
        examples=[answer("Before and after", TRIAL)],
    )
    def get(self, _request: Request, rule_id: UUID) -> Response:
        """Return the newest trial of a rule as it is now, with its progress; it goes on in the background."""
        found = last_trial(rule=get_rule(rule_id=rule_id))
        if found is None:
            raise NotFoundError
        return Response(_body(found))

    @takes_key()
    @without_body
    @extend_schema(
        operation_id="operator_commission_trial_start",
        summary="Try a rule on last month's orders",
        tags=TAGS,
        request=None,
        responses={202: CommissionTrialOutput, **refusals(NotFoundError)},
        examples=[
            answer(
                "It has begun",
                TRIAL | {"done": 0, "is_complete": False, "totals": [], "shops": []},
                status=202,
            )
        ],
    )
    def post(self, request: Request, rule_id: UUID) -> Response:
        """Compute the commission of the last 30 days' orders with the rule; nothing of them is changed."""
        rule = get_rule(rule_id=rule_id)
        return Response(_body(start_trial(rule=rule, actor_id=signed_in_user(request).pk, now=timezone.now())), 202)


def _body(trial: CommissionTrial) -> dict[str, Any]:
    totals, shops = trial_rows(trial)
    trial.totals, trial.shops = totals, shops[:MOST_SHOPS]  # type: ignore[attr-defined] # what the output reads
    return dict(CommissionTrialOutput(trial).data)
