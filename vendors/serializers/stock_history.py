"""Output of the history of a variant's stock and price."""

from typing import Any

from rest_framework import serializers

from catalogue.models import MovementKind, PriceChange
from kit.api.lists import FeedOutput


class StockMovementOutput(serializers.Serializer[Any]):
    """A change of a variant's stock."""

    id = serializers.IntegerField(source="movement.id")
    kind = serializers.ChoiceField(source="movement.kind", choices=MovementKind.choices)
    quantity = serializers.IntegerField(
        source="movement.quantity", help_text="Units that came in; below zero, went out."
    )
    on_hand = serializers.IntegerField(help_text="The stock after it.")
    source = serializers.CharField(  # type: ignore[assignment]
        source="movement.source",
        help_text="Cause: the number of an order, `user` or `import` with an id, or nothing.",
    )
    moved_at = serializers.DateTimeField(source="movement.moved_at")


class StockMovementFeedOutput(FeedOutput):
    """Some changes of a variant's stock."""

    results = StockMovementOutput(many=True)


class PriceChangeOutput(serializers.Serializer[Any]):
    """A price that a variant has had."""

    id = serializers.IntegerField()
    price_minor = serializers.IntegerField()
    currency = serializers.SerializerMethodField()
    changed_at = serializers.DateTimeField(help_text="From when on it held.")

    def get_currency(self, _change: PriceChange) -> str:
        """Return the shop's currency."""
        return str(self.context["currency"])


class PriceChangeFeedOutput(FeedOutput):
    """Some prices that a variant has had."""

    results = PriceChangeOutput(many=True)
