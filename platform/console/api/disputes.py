"""Disputes over the operators' API."""

from typing import Any
from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.access import signed_in_user
from console.access import OperatorApi
from console.api import dispute_examples as examples
from console.api.dispute_outputs import OperatorDisputeFeedOutput, OperatorDisputeOutput, OperatorDisputeSummaryOutput
from console.forms.actions import REASON_LENGTH
from console.services import disputes as services
from kit.api.idempotent import takes_key
from kit.api.input import FeedQuery, InputSerializer, query_of
from kit.api.lists import feed_body, feed_place
from kit.api.openapi import INVALID
from kit.api.refusals import answer, refusals, sent
from kit.api.validation import checked
from kit.db.keyset import read_slice
from kit.errors import NotFoundError
from kit.text.serializers import LineField, ParagraphsField
from payouts.disputes.errors import DisputeAnsweredError, DisputeOverdueError, DisputeOverError
from payouts.disputes.selectors import get_dispute, list_disputes
from payouts.models import DisputeStatus
from payouts.models.disputes import LONGEST_STATEMENT

TAGS = ["Operators: payouts"]
LATE = refusals(NotFoundError, DisputeOverError, DisputeAnsweredError, DisputeOverdueError)


class DisputesQuery(FeedQuery):
    """Filters of disputes."""

    status = serializers.ChoiceField(required=False, default="", choices=DisputeStatus.choices)
    category = LineField(required=False, default="", max_length=40, help_text="The provider's word for the claim.")


class SendEvidenceInput(InputSerializer):
    """The market's answer to a dispute that it does not accept."""

    statement = ParagraphsField(max_length=LONGEST_STATEMENT, help_text="What was sold, and how it was delivered.")
    evidence_id = serializers.UUIDField(
        required=False, allow_null=True, default=None, help_text="The piece of evidence whose file is sent."
    )


class AcceptDisputeInput(InputSerializer):
    """The market's answer to a dispute that it accepts."""

    reason = LineField(min_length=REASON_LENGTH[0], max_length=REASON_LENGTH[1])
    amount_minor = serializers.IntegerField(
        required=False, allow_null=True, default=None, min_value=1, help_text="What is given up; null: all of it."
    )


class OperatorDisputeListApi(OperatorApi):
    """Disputes of the market's payments."""

    query_class = DisputesQuery

    @extend_schema(
        operation_id="operator_disputes_list",
        summary="List disputes",
        tags=TAGS,
        responses={200: OperatorDisputeFeedOutput, 400: INVALID},
        examples=[answer("Some of them", {"next": None, "previous": None, "results": [examples.SUMMARY]})],
    )
    def get(self, request: Request) -> Response:
        """Return payments that a bank takes back, the newest first; those of the status `open` wait for an answer."""
        asked: dict[str, Any] = query_of(request)
        found = list_disputes(status=asked["status"], category=asked["category"])
        rows = read_slice(found, **feed_place(request))
        return Response(feed_body(request, rows, results=OperatorDisputeSummaryOutput(rows.rows, many=True).data))


class OperatorDisputeApi(OperatorApi):
    """A dispute."""

    @extend_schema(
        operation_id="operator_dispute_read",
        summary="Get a dispute",
        tags=TAGS,
        responses={200: OperatorDisputeOutput, **refusals(NotFoundError)},
        examples=[answer("A dispute that waits", examples.DISPUTE)],
    )
    def get(self, request: Request, dispute_id: UUID) -> Response:
        """Return a dispute with the shops' shares, the evidence and our answers."""
        return Response(OperatorDisputeOutput(get_dispute(dispute_id=dispute_id)).data)


class OperatorDisputeEvidenceApi(OperatorApi):
    """The market's evidence in a dispute."""

    @takes_key()
    @extend_schema(
        operation_id="operator_dispute_evidence_submit",
        summary="Send evidence in a dispute",
        tags=TAGS,
        request=SendEvidenceInput,
        responses={200: OperatorDisputeOutput, 400: INVALID, **LATE},
        examples=[
            sent("A statement and a file", {"statement": examples.STATEMENT, "evidence_id": examples.EVIDENCE_ID}),
            answer("The dispute, its answer on its way", examples.ANSWERED),
        ],
    )
    def post(self, request: Request, dispute_id: UUID) -> Response:
        """Decline a dispute with a statement and one file of its evidence.

        The provider is told after this answer; `answers` has the state of it. A dispute is answered once: only what the
        provider refuses can be answered again.
        """
        data: dict[str, Any] = checked(SendEvidenceInput, request.data)
        services.send_evidence(dispute_id=dispute_id, actor_id=signed_in_user(request).pk, now=timezone.now(), **data)
        return Response(OperatorDisputeOutput(get_dispute(dispute_id=dispute_id)).data)


class OperatorDisputeAcceptApi(OperatorApi):
    """Acceptance of a dispute."""

    @takes_key()
    @extend_schema(
        operation_id="operator_dispute_accept",
        summary="Accept a dispute",
        tags=TAGS,
        request=AcceptDisputeInput,
        responses={200: OperatorDisputeOutput, 400: INVALID, **LATE},
        examples=[
            sent("All of it", {"reason": "The parcel was lost on the way."}),
            answer("The dispute, its answer on its way", examples.ACCEPTED),
        ],
    )
    def post(self, request: Request, dispute_id: UUID) -> Response:
        """Give the buyer the money back, or a part of it; the shops bear it, and the market gives up its commission."""
        data: dict[str, Any] = checked(AcceptDisputeInput, request.data)
        services.accept_dispute(dispute_id=dispute_id, actor_id=signed_in_user(request).pk, now=timezone.now(), **data)
        return Response(OperatorDisputeOutput(get_dispute(dispute_id=dispute_id)).data)
