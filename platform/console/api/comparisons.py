"""Comparisons of the ledger with providers over the operators' API: the last ones, and another now."""

from typing import Any

from django.urls import reverse
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.access import signed_in_user
from console.access import OperatorApi
from console.services import reconciliation as services
from kit.api.bodies import without_body
from kit.api.in_words import InWordsField
from kit.api.input import FeedQuery, query_of
from kit.api.lists import FeedOutput, feed_body, feed_place
from kit.api.openapi import INVALID
from kit.api.refusals import answer, refusals
from kit.db.keyset import read_slice
from kit.text.serializers import LineField
from payouts.models import ReconciliationRun
from payouts.reconciliation.errors import ComparisonOpenError, NoComparisonError
from payouts.reconciliation.selectors import list_runs

TAGS = ["Operators: payouts"]
RUN: dict[str, Any] = {
    "id": "0199f2c1-7c1e-7a53-b1de-3f2a9a1c5d79",
    "provider": "cards",
    "since_at": "2025-11-18T02:00:00.000Z",
    "until_at": "2025-11-21T02:00:00.000Z",
    "started_at": "2025-11-21T02:00:00.000Z",
    "ended_at": "2025-11-21T02:00:41.000Z",
    "compared": 1_204,
    "found": 1,
    "explained": 0,
    "problem": "",
}
ASKED: dict[str, Any] = {
    "providers": ["cards"],
    "since_at": RUN["since_at"],
    "until_at": RUN["until_at"],
    "runs_url": "https://kasuwa.example/api/v1/operator/reconciliation/runs/",
}


class ComparisonsQuery(FeedQuery):
    """Filter of comparisons."""

    provider = LineField(required=False, default="", max_length=20, help_text="The name of one provider.")


class ComparisonOutput(serializers.ModelSerializer[ReconciliationRun]):
    """A comparison of the ledger with a provider's records of some days."""

    since_at = serializers.DateTimeField(source="since")
    until_at = serializers.DateTimeField(source="until")
    ended_at = serializers.DateTimeField(allow_null=True, help_text="Null while it is under way.")
    compared = serializers.IntegerField(help_text="Records of the provider that were compared.")
    found = serializers.IntegerField(help_text="Differences that are open.")
    explained = serializers.IntegerField(help_text="Those that operators have explained, and that are there still.")
    problem = InWordsField(help_text="Why it could not be finished.")

    class Meta:
        model = ReconciliationRun
        fields = (
            *("id", "provider", "since_at", "until_at", "started_at", "ended_at", "compared", "found", "explained"),
            "problem",
        )


class ComparisonFeedOutput(FeedOutput):
    """Some comparisons."""

    results = ComparisonOutput(many=True)


class AskedComparisonOutput(serializers.Serializer[Any]):
    """A comparison that a worker makes."""

    providers = serializers.ListField(child=serializers.CharField())
    since_at = serializers.DateTimeField(source="since")
    until_at = serializers.DateTimeField(source="until")
    runs_url = serializers.URLField(help_text="Where it stands once it has begun, one for each provider.")


class OperatorComparisonsApi(OperatorApi):
    """Comparisons of the ledger with providers."""

    query_class = ComparisonsQuery

    @extend_schema(
        operation_id="operator_comparisons_list",
        summary="List comparisons with providers",
        tags=TAGS,
        responses={200: ComparisonFeedOutput, 400: INVALID},
        examples=[answer("Some of them", {"next": None, "previous": None, "results": [RUN]})],
    )
    def get(self, request: Request) -> Response:
        """Return the comparisons, the newest first; one without an end is under way, or its worker was lost."""
        found = read_slice(list_runs(provider=query_of(request)["provider"]), **feed_place(request))
        return Response(feed_body(request, found, results=ComparisonOutput(found.rows, many=True).data))


class OperatorCompareApi(OperatorApi):
    """Another comparison."""

    @without_body
    @extend_schema(
        operation_id="operator_comparison_start",
        summary="Compare the ledger with the providers now",
        tags=TAGS,
        request=None,
        responses={202: AskedComparisonOutput, **refusals(NoComparisonError, ComparisonOpenError)},
        examples=[answer("It begins", ASKED, status=202)],
    )
    def post(self, request: Request) -> Response:
        """Have a worker compare the last three days of each provider; `runs_url` shows the progress.

        A call while one waits adds nothing; while one is under way it is refused (`comparison_under_way`).
        """
        asked = services.compare_now(actor_id=signed_in_user(request).pk, now=timezone.now())
        runs_url = request.build_absolute_uri(reverse("operator-reconciliation-runs"))
        body = {"providers": asked.providers, "since": asked.since, "until": asked.until, "runs_url": runs_url}
        return Response(AskedComparisonOutput(body).data, status=202)
