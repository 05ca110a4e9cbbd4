"""Payout runs and their payouts over the operators' API."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.access import signed_in_user
from console.access import OperatorApi
from console.api import examples
from console.api import payout_outputs as outputs
from console.forms.actions import REASON_LENGTH
from console.services import payouts as services
from kit.api.bodies import without_body
from kit.api.idempotent import takes_key
from kit.api.input import FeedQuery, InputSerializer, query_of
from kit.api.lists import feed_body, feed_place
from kit.api.openapi import INVALID
from kit.api.refusals import answer, refusals, sent
from kit.api.validation import checked
from kit.db.keyset import read_slice
from kit.errors import NotFoundError
from kit.text.serializers import LineField
from payouts.models import PayoutStatus, RunStatus
from payouts.runs.errors import (
    BalanceChangedError,
    NoPayableAccountError,
    NothingToPayError,
    NothingToSolveError,
    OtherPayoutOpenError,
    PayoutNotHeldError,
    PayoutNotHoldableError,
    PayoutNotRetriableError,
    RunNotWaitingError,
    SamePersonError,
)
from payouts.selectors.payouts import get_payout, get_run, list_payouts, list_runs
from tenants.errors import ShopNotFoundError
from tenants.shops.selectors import get_shop_by_slug

TAGS = ["Operators: payouts"]
WHY = sent("Why", {"reason": "The shop has named another account."})
Act = Callable[..., Any]


class RunsQuery(FeedQuery):
    """Filter of runs."""

    status = serializers.ChoiceField(required=False, default="", choices=RunStatus.choices)


class PayoutsQuery(FeedQuery):
    """Filters of payouts."""

    status = serializers.ChoiceField(required=False, default="", choices=PayoutStatus.choices)
    has_problem = serializers.BooleanField(
        required=False, default=False, help_text="Only those that wait for a person."
    )
    run = serializers.UUIDField(required=False, help_text="Only those of this run.")


class MakeRunsInput(InputSerializer):
    """The shops of a run."""

    slug = LineField(max_length=50, required=False, default="", help_text="This shop alone, by its address; else all.")


class PayoutReasonInput(InputSerializer):
    """The reason of an act, for the audit log."""

    reason = LineField(min_length=REASON_LENGTH[0], max_length=300)


class OperatorPayoutRunListApi(OperatorApi):
    """Payout runs."""

    query_class = RunsQuery

    @extend_schema(
        operation_id="operator_payout_runs_list",
        summary="List payout runs",
        tags=TAGS,
        responses={200: outputs.PayoutRunFeedOutput, 400: INVALID},
        examples=[answer("Some of them", {"next": None, "previous": None, "results": [examples.PAYOUT_RUN]})],
    )
    def get(self, request: Request) -> Response:
        """Return the runs, the newest first; `status=waiting` are those that need a second person."""
        found = read_slice(list_runs(status=query_of(request)["status"]), **feed_place(request))
        return Response(feed_body(request, found, results=outputs.PayoutRunOutput(found.rows, many=True).data))

    @takes_key(in_transaction=False)  # a crash half-way leaves whole runs, and the shops in them are not paid again
    @extend_schema(
        operation_id="operator_payout_runs_create",
        summary="Pay out what is available",
        tags=TAGS,
        request=MakeRunsInput,
        responses={201: outputs.MadeRunsOutput, 400: INVALID, **refusals(ShopNotFoundError, NothingToPayError)},
        examples=[
            sent("One shop", {"slug": "indigo-fabrics"}),
            answer("The runs", {"runs": [examples.PAYOUT_RUN]}, status=201),
        ],
    )
    def post(self, request: Request) -> Response:
        """Set the money aside of all shops that can be paid; a run above the limit then waits for another operator."""
        slug = checked(MakeRunsInput, request.data)["slug"]
        shop_id = get_shop_by_slug(slug).pk if slug else None
        runs = services.make_runs(shop_id=shop_id, actor_id=signed_in_user(request).pk, now=timezone.now())
        return Response({"runs": outputs.PayoutRunOutput(runs, many=True).data}, status=201)


class OperatorPayoutRunApproveApi(OperatorApi):
    """Approval of a run."""

    @takes_key()
    @without_body
    @extend_schema(
        operation_id="operator_payout_run_approve",
        summary="Approve a payout run",
        tags=TAGS,
        request=None,
        responses={
            200: outputs.PayoutRunOutput,
            **refusals(NotFoundError, RunNotWaitingError, SamePersonError),
        },
        examples=[answer("The run", examples.PAYOUT_RUN | {"status": "sending", "needs_approval": False})],
    )
    def post(self, request: Request, run_id: UUID) -> Response:
        """Let a run be sent that another operator has made."""
        services.approve_run(run_id=run_id, actor_id=signed_in_user(request).pk, now=timezone.now())
        return Response(outputs.PayoutRunOutput(get_run(run_id=run_id)).data)


class OperatorPayoutRunCancelApi(OperatorApi):
    """End of a run that is not approved."""

    @takes_key()
    @extend_schema(
        operation_id="operator_payout_run_cancel",
        summary="Cancel a payout run",
        tags=TAGS,
        request=PayoutReasonInput,
        responses={
            200: outputs.PayoutRunOutput,
            400: INVALID,
            **refusals(NotFoundError, RunNotWaitingError),
        },
        examples=[WHY, answer("The run", examples.PAYOUT_RUN | {"status": "cancelled", "needs_approval": False})],
    )
    def post(self, request: Request, run_id: UUID) -> Response:
        """End a run that waits for approval; all of its money is available to its shops again."""
        reason = checked(PayoutReasonInput, request.data)["reason"]
        services.cancel_run(run_id=run_id, actor_id=signed_in_user(request).pk, reason=reason, now=timezone.now())
        return Response(outputs.PayoutRunOutput(get_run(run_id=run_id)).data)


class OperatorPayoutListApi(OperatorApi):
    """Payouts of all shops."""

    query_class = PayoutsQuery

    @extend_schema(
        operation_id="operator_payouts_list",
        summary="List payouts",
        tags=TAGS,
        responses={200: outputs.OperatorPayoutFeedOutput, 400: INVALID},
        examples=[answer("Some of them", {"next": None, "previous": None, "results": [examples.PAYOUT]})],
    )
    def get(self, request: Request) -> Response:
        """Return the payouts, the newest first; `has_problem=true` are those that wait for a person."""
        asked = query_of(request)
        problem = asked["has_problem"] or None
        payouts = list_payouts(status=asked["status"], has_problem=problem, run_id=asked.get("run"))
        found = read_slice(payouts, **feed_place(request))
        return Response(feed_body(request, found, results=outputs.OperatorPayoutOutput(found.rows, many=True).data))


class OperatorPayoutRetryApi(OperatorApi):
    """Another attempt to make a payout."""

    @takes_key()
    @extend_schema(
        operation_id="operator_payout_retry",
        summary="Send a payout again",
        tags=TAGS,
        request=PayoutReasonInput,
        responses={
            200: outputs.OperatorPayoutOutput,
            400: INVALID,
            **refusals(
                NotFoundError, PayoutNotRetriableError, NoPayableAccountError, OtherPayoutOpenError, BalanceChangedError
            ),
        },
        examples=[WHY, answer("The payout", examples.PAYOUT | {"status": "prepared", "problem": "", "note": ""})],
    )
    def post(self, request: Request, payout_id: UUID) -> Response:
        """Send an unsuccessful payout again: with a new reference, to the account that the shop has now.

        It is refused (`payout_open`) while another payout of the shop is not over.
        """
        return _act(request, payout_id, services.retry_payout)


class OperatorPayoutHoldApi(OperatorApi):
    """Hold of a payout."""

    @takes_key()
    @extend_schema(
        operation_id="operator_payout_hold",
        summary="Hold a payout",
        tags=TAGS,
        request=PayoutReasonInput,
        responses={
            200: outputs.OperatorPayoutOutput,
            400: INVALID,
            **refusals(NotFoundError, PayoutNotHoldableError),
        },
        examples=[WHY, answer("The payout", examples.PAYOUT | {"status": "held", "problem": ""})],
    )
    def post(self, request: Request, payout_id: UUID) -> Response:
        """Keep a payout from being sent; its money stays set aside."""
        return _act(request, payout_id, services.hold_payout)


class OperatorPayoutReleaseApi(OperatorApi):
    """Release of a held payout."""

    @takes_key()
    @extend_schema(
        operation_id="operator_payout_release",
        summary="Release a payout",
        tags=TAGS,
        request=PayoutReasonInput,
        responses={200: outputs.OperatorPayoutOutput, 400: INVALID, **refusals(NotFoundError, PayoutNotHeldError)},
        examples=[WHY, answer("The payout", examples.PAYOUT | {"status": "prepared", "problem": ""})],
    )
    def post(self, request: Request, payout_id: UUID) -> Response:
        """Let a held payout be sent."""
        return _act(request, payout_id, services.release_payout)


class OperatorPayoutResolveApi(OperatorApi):
    """End of a payout's problem."""

    @takes_key()
    @extend_schema(
        operation_id="operator_payout_resolve",
        summary="Close the problem of a payout",
        tags=TAGS,
        request=PayoutReasonInput,
        responses={200: outputs.OperatorPayoutOutput, 400: INVALID, **refusals(NotFoundError, NothingToSolveError)},
        examples=[WHY, answer("The payout", examples.PAYOUT | {"problem": ""})],
    )
    def post(self, request: Request, payout_id: UUID) -> Response:
        """Take a payout off the list of problems that was solved elsewhere; nothing else about it changes."""
        return _act(request, payout_id, services.resolve_payout)


def _act(request: Request, payout_id: UUID, act: Act) -> Response:
    reason = checked(PayoutReasonInput, request.data)["reason"]
    act(payout_id=payout_id, actor_id=signed_in_user(request).pk, reason=reason, now=timezone.now())
    return Response(outputs.OperatorPayoutOutput(get_payout(payout_id=payout_id)).data)
