"""Output of the notification API."""

from typing import Any

from drf_spectacular.utils import OpenApiExample, extend_schema_serializer
from rest_framework import serializers

from kit.api.lists import FeedOutput
from notifications.models import Notification

PAID: dict[str, Any] = {
    "id": 310,
    "kind": "order.paid",
    "title": "Order KS-7F3K9QXD2M is paid",
    "body": "Indigo Fabrics and Copper Kitchen are packing it.",
    "url": "/orders/KS-7F3K9QXD2M/",
    "created_at": "2025-11-21T08:30:00.000Z",
    "read_at": None,
}


@extend_schema_serializer(examples=[OpenApiExample("A paid order", value=PAID, response_only=True)], many=False)
class NotificationOutput(serializers.ModelSerializer[Notification]):
    """A message on the site."""

    class Meta:
        model = Notification
        fields = ("id", "kind", "title", "body", "url", "created_at", "read_at")
        read_only_fields = fields


class NotificationFeedOutput(FeedOutput):
    """Some of a person's notifications."""

    unread_count = serializers.IntegerField(help_text="How many have not been read, on all parts; at most 100.")
    results = NotificationOutput(many=True)


class MarkedOutput(serializers.Serializer[Any]):
    """Number of notifications that became read."""

    marked = serializers.IntegerField()
