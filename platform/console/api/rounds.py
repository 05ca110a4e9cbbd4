"""Rounds of the market's checks over the operators' API: how far one is, the last ones, and another now."""

from typing import Any

from django.urls import reverse
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.access import signed_in_user
from console.access import OperatorApi
from console.services import checks as services
from kit.api.in_words import InWordsField
from kit.api.input import InputSerializer
from kit.api.openapi import INVALID
from kit.api.refusals import answer, refusals, sent
from kit.api.validation import checked
from payouts.models import WatchRound
from payouts.watch.errors import RoundOpenError
from payouts.watch.selectors import last_rounds, round_under_way

TAGS = ["Operators: checks"]
ROUND: dict[str, Any] = {
    "id": "0199f2c1-7c1e-7a53-b1de-3f2a9a1c5d7a",
    "is_whole": True,
    "asked_at": "2025-11-21T08:00:00.000Z",
    "began_at": None,
    "ended_at": None,
    "problem": "",
}
OVER = ROUND | {"began_at": "2025-11-20T08:00:01.000Z", "ended_at": "2025-11-20T08:00:09.000Z"}


class RunChecksInput(InputSerializer):
    """The checks to make."""

    is_whole = serializers.BooleanField(default=True, help_text="Every check; else the quick ones alone.")


class RoundOutput(serializers.ModelSerializer[WatchRound]):
    """Checks that are made one after the other."""

    began_at = serializers.DateTimeField(allow_null=True, help_text="Null while it waits for a worker.")
    ended_at = serializers.DateTimeField(allow_null=True, help_text="Null before its end.")
    problem = InWordsField(help_text="Why it ended early.")

    class Meta:
        model = WatchRound
        fields = ("id", "is_whole", "asked_at", "began_at", "ended_at", "problem")


class AskedRoundOutput(RoundOutput):
    """A round that a worker makes."""

    rounds_url = serializers.SerializerMethodField(help_text="Where its progress stands.")

    class Meta(RoundOutput.Meta):
        fields: Any = (*RoundOutput.Meta.fields, "rounds_url")

    def get_rounds_url(self, _: WatchRound) -> str:
        """Return the address of the rounds."""
        return str(self.context["rounds_url"])


class ProgressOutput(serializers.Serializer[Any]):
    """A round that waits or is under way, with how far it is."""

    round = RoundOutput()
    made = serializers.IntegerField(help_text="Checks that are made.")
    total = serializers.IntegerField(help_text="Checks of the round.")


class RoundsOutput(serializers.Serializer[Any]):
    """The round under way, and the last ones that have ended."""

    under_way = ProgressOutput(allow_null=True)
    last = RoundOutput(many=True)


class OperatorRoundsApi(OperatorApi):
    """Rounds of checks."""

    @extend_schema(
        operation_id="operator_check_rounds_list",
        summary="See how far the checks are",
        tags=TAGS,
        responses={200: RoundsOutput},
        examples=[answer("One waits", {"under_way": {"round": ROUND, "made": 0, "total": 58}, "last": [OVER]})],
    )
    def get(self, _request: Request) -> Response:
        """Return the round that waits or is under way, with the number of checks made, and the last five."""
        return Response(RoundsOutput({"under_way": round_under_way(), "last": last_rounds()}).data)


class OperatorChecksRunApi(OperatorApi):
    """Another round of checks."""

    @extend_schema(
        operation_id="operator_check_round_start",
        summary="Make the market's checks now",
        tags=TAGS,
        request=RunChecksInput,
        responses={202: AskedRoundOutput, 400: INVALID, **refusals(RoundOpenError)},
        examples=[
            sent("All of them", {"is_whole": True}),
            answer(
                "It begins",
                ROUND | {"rounds_url": "https://kasuwa.example/api/v1/operator/checks/rounds/"},
                status=202,
            ),
        ],
    )
    def post(self, request: Request) -> Response:
        """Have a worker run all checks, or the quick ones; `rounds_url` shows the progress.

        While a round waits or is under way it is refused (`checks_under_way`).
        """
        is_whole = checked(RunChecksInput, request.data)["is_whole"]
        found = services.run_checks(is_whole=is_whole, actor_id=signed_in_user(request).pk, now=timezone.now())
        context = {"rounds_url": request.build_absolute_uri(reverse("operator-checks-rounds"))}
        return Response(AskedRoundOutput(found, context=context).data, status=202)
