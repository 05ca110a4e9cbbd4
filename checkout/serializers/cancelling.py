"""Input of the calls that cancel units of a paid order."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from rest_framework import serializers

from kit.api.input import InputSerializer
from kit.text.serializers import LineField, OptionalText

LONGEST_REASON = 200
MOST_LINES = 100


class CancelLineInput(InputSerializer):
    """A line of an order, and the number of its units to cancel."""

    line_id = serializers.UUIDField(help_text="The `id` of a line.")
    quantity = serializers.IntegerField(min_value=1)


def _lines() -> serializers.Field[Any, Any, Any, Any]:
    return serializers.ListField(
        child=CancelLineInput(),
        required=False,
        allow_null=True,
        allow_empty=False,
        max_length=MOST_LINES,
        help_text="Left out: all units that are left.",
    )


class CancelOrderInput(InputSerializer):
    """Units of an order to cancel; an empty body means all of it."""

    reason = OptionalText(max_length=LONGEST_REASON, help_text="The shops read it.")
    sub_order = OptionalText(max_length=24, help_text="The number of one shop's part; left out: all parts.")
    lines = _lines()


class OperatorCancelInput(InputSerializer):
    """Units of an order to cancel, and why."""

    reason = LineField(min_length=5, max_length=LONGEST_REASON, help_text="Buyer, shops and the audit log have it.")
    sub_order = OptionalText(max_length=24, help_text="The number of one shop's part; left out: all parts.")
    lines = _lines()


class ShopCancelInput(InputSerializer):
    """Units of a shop's part of an order that it can't send, and why."""

    reason = LineField(max_length=LONGEST_REASON, help_text="The buyer reads it.")
    lines = _lines()
    restocks = serializers.BooleanField(
        required=False, default=True, help_text="Whether they are on sale again; false where they are broken or lost."
    )


def chosen_lines(asked: Mapping[str, Any]) -> list[tuple[UUID, int]] | None:
    """Return the lines of an input with their quantities; None where it names none."""
    lines = asked.get("lines")
    return None if lines is None else [(each["line_id"], each["quantity"]) for each in lines]
