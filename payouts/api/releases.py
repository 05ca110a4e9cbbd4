"""Releases of the money of a shop's orders as programs read them."""

from typing import Any

from rest_framework import serializers

from kit.api.input import FeedQuery
from kit.api.lists import FeedOutput
from payouts.models import HoldReason
from payouts.selectors.releases import LISTED_STATES, ReleaseState

RELEASE: dict[str, Any] = {
    "order_number": "KS-7F3K9QXD2M-1",
    "state": "held",
    "delivered_at": "2025-11-20T13:06:10.000Z",
    "due_at": "2025-11-27T13:06:10.000Z",
    "released_at": None,
    "currency": "NGN",
    "pending_minor": 1_154_000,
    "reserved_minor": 0,
    "reserve_ends_at": None,
    "holds": [{"reason": "return", "note": "", "opened_at": "2025-11-22T09:10:00.000Z", "lapses_at": None}],
}


class ReleasesQuery(FeedQuery):
    """Filter of releases."""

    state = serializers.ChoiceField(
        required=False, default="", choices=[(state.value, state.value) for state in LISTED_STATES]
    )


class HoldOutput(serializers.Serializer[Any]):
    """A reason for which an order's money is not released."""

    reason = serializers.ChoiceField(choices=HoldReason.choices)
    note = serializers.CharField(help_text="The market's words; empty where it holds nothing by hand.")
    opened_at = serializers.DateTimeField()
    lapses_at = serializers.DateTimeField(allow_null=True, help_text="When it ends by itself; null: never.")


class ReleaseOutput(serializers.Serializer[Any]):
    """Release of an order's money."""

    order_number = serializers.CharField(source="number")
    state = serializers.ChoiceField(
        choices=[(state.value, state.value) for state in ReleaseState],
        help_text="`undelivered` where it is held before it has arrived.",
    )
    delivered_at = serializers.DateTimeField(allow_null=True)
    due_at = serializers.DateTimeField(
        allow_null=True, help_text="When its days are over, and it becomes available unless something holds it."
    )
    released_at = serializers.DateTimeField(allow_null=True)
    currency = serializers.CharField()
    pending_minor = serializers.IntegerField(help_text="What is pending of it still.")
    reserved_minor = serializers.IntegerField(help_text="What is kept of it as a reserve.")
    reserve_ends_at = serializers.DateTimeField(allow_null=True)
    holds = HoldOutput(many=True)


class ReleaseFeedOutput(FeedOutput):
    """Some of a shop's orders."""

    results = ReleaseOutput(many=True)
