"""Releases of a shop's orders."""

from typing import Any

from rest_framework import serializers

from kit.api.lists import FeedOutput
from payouts.models import HoldReason
from payouts.selectors.releases import ReleaseState


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
