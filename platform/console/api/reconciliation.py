"""Differences between the ledger and providers over the operators' API."""

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
from console.selectors.difference_advice import advice_for
from console.services import reconciliation as services
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
from payouts.models import Cause, Difference, DifferenceKind
from payouts.reconciliation.errors import DifferenceEndedError
from payouts.reconciliation.selectors import get_difference, list_differences

TAGS = ["Operators: payouts"]


class DifferencesQuery(FeedQuery):
    """Filters of differences."""

    kind = serializers.ChoiceField(required=False, default="", choices=DifferenceKind.choices)
    cause = serializers.ChoiceField(required=False, default="", choices=Cause.choices)
    has_ended = serializers.BooleanField(required=False, default=False, help_text="Those that are gone or explained.")


class ExplanationInput(InputSerializer):
    """The explanation of a difference, for the audit log."""

    reason = LineField(min_length=REASON_LENGTH[0], max_length=REASON_LENGTH[1])


class DifferenceOutput(serializers.ModelSerializer[Difference]):
    """A movement of which the ledger and a provider differ."""

    kind = serializers.ChoiceField(choices=DifferenceKind.choices)
    cause = serializers.ChoiceField(choices=Cause.choices)
    reference = serializers.CharField(allow_blank=True, help_text="Ours; empty for what we did not ask for.")
    provider_id = serializers.CharField(allow_blank=True)
    ours_minor = serializers.IntegerField(allow_null=True, help_text="In the ledger; null where there is nothing.")
    theirs_minor = serializers.IntegerField(allow_null=True, help_text="At the provider; likewise.")
    advice = serializers.SerializerMethodField(help_text="The likely cause, and what to do.")
    note = InWordsField(help_text="Why it has ended.")

    class Meta:
        model = Difference
        fields = (
            *("id", "provider", "kind", "cause", "reference", "provider_id", "currency", "ours_minor", "theirs_minor"),
            *("happened_at", "first_seen_at", "last_seen_at", "ended_at", "note", "advice"),
        )

    def get_advice(self, difference: Difference) -> str:
        """Return the advice."""
        return advice_for(difference)


class DifferenceFeedOutput(FeedOutput):
    """Some differences."""

    results = DifferenceOutput(many=True)


class OperatorReconciliationApi(OperatorApi):
    """The queue of differences."""

    query_class = DifferencesQuery

    @extend_schema(
        operation_id="operator_reconciliation_list",
        summary="List what ledger and provider differ in",
        tags=TAGS,
        responses={200: DifferenceFeedOutput, 400: INVALID},
        examples=[answer("Some of them", {"next": None, "previous": None, "results": [examples.DIFFERENCE]})],
    )
    def get(self, request: Request) -> Response:
        """Return the open differences, the newest first."""
        asked: dict[str, Any] = query_of(request)
        found = list_differences(kind=asked["kind"], cause=asked["cause"], is_ended=asked["has_ended"])
        rows = read_slice(found, **feed_place(request))
        return Response(feed_body(request, rows, results=DifferenceOutput(rows.rows, many=True).data))


class OperatorDifferenceEndApi(OperatorApi):
    """End of a difference."""

    @takes_key()
    @extend_schema(
        operation_id="operator_reconciliation_end",
        summary="Explain a difference",
        tags=TAGS,
        request=ExplanationInput,
        responses={200: DifferenceOutput, 400: INVALID, **refusals(NotFoundError, DifferenceEndedError)},
        examples=[
            sent("Why", {"reason": "Refunded on the provider's page by Ada."}),
            answer(
                "The difference",
                examples.DIFFERENCE
                | {"ended_at": "2025-11-21T09:00:00.000Z", "note": "Refunded on the provider's page by Ada."},
            ),
        ],
    )
    def post(self, request: Request, difference_id: UUID) -> Response:
        """End a difference with its explanation; it stays ended while both sides say the same."""
        reason = checked(ExplanationInput, request.data)["reason"]
        services.end_difference(
            difference_id=difference_id, actor_id=signed_in_user(request).pk, reason=reason, now=timezone.now()
        )
        return Response(DifferenceOutput(get_difference(difference_id=difference_id)).data)
