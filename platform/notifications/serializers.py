"""Output of the notification API."""

from typing import Any

from drf_spectacular.utils import OpenApiExample, extend_schema_serializer
from rest_framework import serializers

from notifications.models import Notification


@extend_schema_serializer(
    examples=[
        OpenApiExample(
            "A paid order",
            value={
                "id": 310,
                "kind": "order.paid",
                "title": "Order KS-7F3K9QXD2M is paid",
                "body": "Indigo Fabrics and Copper Kitchen are packing it.",
                "url": "/orders/KS-7F3K9QXD2M/",
                "created_at": "2025-11-21T09:30:00+01:00",
                "read_at": None,
            },
            response_only=True,
        )
    ]
)
class NotificationOutput(serializers.ModelSerializer[Notification]):
    """A message on the site."""

    class Meta:
        model = Notification
        fields = ("id", "kind", "title", "body", "url", "created_at", "read_at")
        read_only_fields = fields


class MarkedOutput(serializers.Serializer[Any]):
    """Number of notifications that became read."""

    marked = serializers.IntegerField()
