"""Filters of lists of orders, a buyer's, a shop's or all."""

from typing import Any

from django.utils.translation import gettext
from rest_framework import serializers
from rest_framework.request import Request

from checkout.models import OrderStatus
from checkout.orders.filters import OrderFilter
from kit.api.input import FeedQuery, query_of
from kit.api.moments import MOMENT_OR_DAY, StartField


class PlacedBetweenQuery(FeedQuery):
    """The time in which orders were placed, and the part of the list."""

    placed_from = StartField(required=False, help_text=f"Placed then or later. {MOMENT_OR_DAY}")
    placed_before = StartField(required=False, help_text=f"Placed before then. {MOMENT_OR_DAY}")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Refuse a time that ends before it begins.

        Raises:
            ValidationError: it does.
        """
        start, end = attrs.get("placed_from"), attrs.get("placed_before")
        if start and end and end <= start:
            message = gettext("Choose a later time than placed_from.")
            raise serializers.ValidationError({"placed_before": [message]}, code="not_later")
        return attrs


class OrdersQuery(PlacedBetweenQuery):
    """Filter of a person's orders."""

    status = serializers.ChoiceField(required=False, default="", choices=OrderStatus.choices)


def wanted_orders(request: Request) -> OrderFilter:
    """Return the status and time of the orders that a call asks for."""
    asked = query_of(request)
    return OrderFilter(
        status=asked["status"], placed_from=asked.get("placed_from"), placed_before=asked.get("placed_before")
    )
