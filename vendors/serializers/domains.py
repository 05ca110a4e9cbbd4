"""A shop's domains over the API."""

from typing import Any

from rest_framework import serializers

from kit.api.input import InputSerializer
from kit.text.serializers import LineField
from tenants.models import DomainProblem

LONGEST_TYPED = 300
STATES = ("verified", "missing", "waiting", "given_up")


class DomainInput(InputSerializer):
    """A domain to add."""

    host = LineField(max_length=LONGEST_TYPED, help_text="Such as `shop.example`, without scheme or path.")


class RecordOutput(serializers.Serializer[Any]):
    """Record to publish in the DNS."""

    type = serializers.CharField(default="TXT")
    name = serializers.CharField(source="record_name")
    value = serializers.CharField(source="record_value")


class DomainOutput(serializers.Serializer[Any]):
    """A domain of the shop's."""

    id = serializers.UUIDField(
        source="claim.pk", default=None, allow_null=True, help_text="Null for the address on the market."
    )
    host = serializers.CharField()
    status = serializers.ChoiceField(
        source="state",
        choices=[(state, state) for state in STATES],
        help_text="`missing`: it leads to the shop, and its record is gone; `given_up`: we look only when asked.",
    )
    is_verified = serializers.BooleanField(help_text="Whether it leads to the shop.")
    is_primary = serializers.BooleanField(help_text="Whether the shop lives there.")
    record = RecordOutput(source="claim", default=None, allow_null=True, help_text="Null where no proof is needed.")
    problem = serializers.ChoiceField(
        source="claim.problem",
        default="",
        choices=[("", "None"), *DomainProblem.choices],
        help_text="At the last look.",
    )
    verified_at = serializers.DateTimeField(allow_null=True)
    checked_at = serializers.DateTimeField(source="claim.checked_at", default=None, allow_null=True)
    next_check_at = serializers.DateTimeField(source="claim.due_at", default=None, allow_null=True)
    missing_at = serializers.DateTimeField(source="claim.missing_since", default=None, allow_null=True)
