"""Exports of a shop."""

from typing import Any

from rest_framework import serializers

from kit.api.in_words import InWordsField
from tenants.models import ExportState


class ExportOutput(serializers.Serializer[Any]):
    """An export and its state."""

    id = serializers.UUIDField()
    status = serializers.ChoiceField(source="state", choices=ExportState.choices)
    done = serializers.IntegerField(help_text="Pictures packed.")
    total = serializers.IntegerField(help_text="Pictures in all; 0 before that is known.")
    size = serializers.IntegerField(help_text="In bytes, once it is ready.")
    error = InWordsField(source="last_error")
    created_at = serializers.DateTimeField()
    ready_at = serializers.DateTimeField(allow_null=True)
    expires_at = serializers.DateTimeField(allow_null=True, help_text="Until when it can be downloaded.")
