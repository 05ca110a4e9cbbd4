"""Checks of the market and their findings over the operators' API."""

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
from console.forms.actions import REASON_LENGTH
from console.services import checks as services
from kit.api.idempotent import takes_key
from kit.api.in_words import InWordsField
from kit.api.input import FeedQuery, InputSerializer, query_of
from kit.api.lists import FeedOutput, feed_body, feed_place
from kit.api.openapi import INVALID
from kit.api.refusals import answer, refusals, sent
from kit.api.validation import checked
from kit.db.keyset import read_slice
from kit.errors import NotFoundError
from kit.text.serializers import LineField
from payouts.models import CheckFinding, CheckOutcome
from payouts.watch.selectors import list_checks, list_findings

TAGS = ["Operators: checks"]


class FindingsQuery(FeedQuery):
    """Filters of findings."""

    check = LineField(required=False, default="", max_length=40, help_text="The name of one check.")
    has_ended = serializers.BooleanField(required=False, default=False, help_text="Those that are over.")


class NoteInput(InputSerializer):
    """A note about a finding, for other operators."""

    note = LineField(min_length=REASON_LENGTH[0], max_length=REASON_LENGTH[1])


class CheckRunOutput(serializers.Serializer[Any]):
    """The last run of a check."""

    began_at = serializers.DateTimeField()
    ended_at = serializers.DateTimeField()
    outcome = serializers.ChoiceField(choices=CheckOutcome.choices)
    found = serializers.IntegerField(min_value=0)
    problem = InWordsField(help_text="Why it could not be made.")


class CheckOutput(serializers.Serializer[Any]):
    """A check of the market."""

    name = serializers.CharField(source="check.name")
    title = serializers.CharField(source="check.title", help_text="What holds where nothing is found.")
    remedy = serializers.CharField(source="check.remedy", help_text="What a finding means, and what to do.")
    is_quick = serializers.BooleanField(source="check.is_quick", help_text="Made every quarter of an hour, else daily.")
    open_findings = serializers.IntegerField(min_value=0)
    last_run = CheckRunOutput(source="last", allow_null=True)


class FindingOutput(serializers.ModelSerializer[CheckFinding]):
    """A finding of a check."""

    check = serializers.CharField(source="check_name")
    subject = serializers.CharField()
    expected = InWordsField()
    found = InWordsField()
    note = serializers.CharField(allow_blank=True, help_text="Of the operator who works on it.")

    class Meta:
        model = CheckFinding
        fields = (
            *("id", "check", "subject", "expected", "found", "first_seen_at", "last_seen_at", "ended_at"),
            *("acknowledged_at", "note"),
        )


class FindingFeedOutput(FeedOutput):
    """Some findings."""

    results = FindingOutput(many=True)


class OperatorChecksApi(OperatorApi):
    """The checks of the market."""

    @extend_schema(
        operation_id="operator_checks_list",
        summary="List the market's checks with their last runs",
        tags=TAGS,
        responses={200: CheckOutput(many=True)},
        examples=[answer("One", [examples.CHECK])],
    )
    def get(self, _request: Request) -> Response:
        """Return every check with its last run; none where it has not run for days."""
        return Response(CheckOutput(list_checks(now=timezone.now()), many=True).data)


class OperatorFindingsApi(OperatorApi):
    """The findings of all checks."""

    query_class = FindingsQuery

    @extend_schema(
        operation_id="operator_findings_list",
        summary="List what the market's checks have found",
        tags=TAGS,
        responses={200: FindingFeedOutput, 400: INVALID},
        examples=[answer("Some of them", {"next": None, "previous": None, "results": [examples.FINDING]})],
    )
    def get(self, request: Request) -> Response:
        """Return the open findings, the newest first; a check that could not be made is a finding too."""
        asked: dict[str, Any] = query_of(request)
        found = list_findings(check=asked["check"], is_ended=asked["has_ended"])
        rows = read_slice(found, **feed_place(request))
        return Response(feed_body(request, rows, results=FindingOutput(rows.rows, many=True).data))


class OperatorFindingAcknowledgeApi(OperatorApi):
    """Note about a finding."""

    @takes_key()
    @extend_schema(
        operation_id="operator_finding_acknowledge",
        summary="Acknowledge a finding",
        tags=TAGS,
        request=NoteInput,
        responses={200: FindingOutput, 400: INVALID, **refusals(NotFoundError)},
        examples=[
            sent("How", {"note": "Ada asks the provider's support."}),
            answer(
                "The finding",
                examples.FINDING
                | {"acknowledged_at": "2025-11-21T09:00:00.000Z", "note": "Ada asks the provider's support."},
            ),
        ],
    )
    def post(self, request: Request, finding_id: UUID) -> Response:
        """Keep the note, in place of an earlier one; the finding stays open until its check finds it no more."""
        note = checked(NoteInput, request.data)["note"]
        finding = services.acknowledge_finding(
            finding_id=finding_id, actor_id=signed_in_user(request).pk, note=note, now=timezone.now()
        )
        return Response(FindingOutput(finding).data)
