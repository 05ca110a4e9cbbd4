"""Refunds: the requested amounts, and the input of the calls that make them."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from rest_framework import serializers

from checkout.models import RefundStatus, SubOrder
from checkout.reversals.choosing import units_of
from checkout.reversals.refund_part import PartRefund
from checkout.reversals.reverse import Actor
from checkout.serializers.amounts import AmountSetOutput
from checkout.serializers.cancelling import LONGEST_REASON, MOST_LINES, chosen_lines
from kit.api.in_words import InWordsField
from kit.api.input import InputSerializer
from kit.text.serializers import LineField


class SoldAmountsOutput(AmountSetOutput):
    """Amounts of an order or a part, and of their refunds."""

    refunded_minor = serializers.IntegerField(
        source="given_back_minor", help_text="Of the total, what goes back to the buyer."
    )


class RefundOutput(serializers.Serializer[Any]):
    """Money that is given back."""

    id = serializers.UUIDField()
    amount_minor = serializers.IntegerField()
    currency = serializers.CharField()
    reason = InWordsField()
    set_off_minor = serializers.IntegerField(
        help_text="Of it, what the buyer's bank has paid with a lost dispute; it is not sent again."
    )
    status = serializers.ChoiceField(choices=RefundStatus.choices)
    sub_order_number = serializers.SerializerMethodField(help_text="The part that it is of; null: of the whole order.")
    created_at = serializers.DateTimeField()
    ended_at = serializers.DateTimeField(
        allow_null=True, help_text="When the provider was through with it, or the buyer's bank had paid it."
    )

    def get_sub_order_number(self, refund: Any) -> str | None:
        """Return the number of the part."""
        return refund.sub_order.number if refund.sub_order else None


class RefundLineInput(InputSerializer):
    """A line of an order, and the number of its units to give back the money of."""

    line_id = serializers.UUIDField(help_text="The `id` of a line.")
    quantity = serializers.IntegerField(min_value=1)


class RefundInput(InputSerializer):
    """Money to give back: for units, for the delivery, as an amount without either, or for all of these."""

    reason = LineField(max_length=LONGEST_REASON, help_text="The buyer reads it.")
    lines = serializers.ListField(
        child=RefundLineInput(),
        required=False,
        allow_null=True,
        allow_empty=False,
        max_length=MOST_LINES,
        help_text="Units whose money goes back; they stay with the buyer.",
    )
    delivery_minor = serializers.IntegerField(
        required=False, allow_null=True, min_value=1, help_text="Of what was paid for the delivery, with its tax."
    )
    amount_minor = serializers.IntegerField(
        required=False, allow_null=True, min_value=1, help_text="Goodwill: an amount without units."
    )


class OperatorRefundInput(RefundInput):
    """Money of a part of an order to give back, and why."""

    reason = LineField(min_length=5, max_length=LONGEST_REASON, help_text="Buyer, shop and the audit log have it.")
    sub_order = LineField(max_length=24, help_text="The number of the part.")


def refund_of_input(part: SubOrder, asked: Mapping[str, Any], *, by: Actor) -> PartRefund:
    """Return the refund that an input describes.

    Raises:
        UnitsNotLeftError: the part has no such line.
    """
    units: Mapping[UUID, int] = units_of(part, chosen_lines(asked) or ())
    return PartRefund(
        part=part,
        by=by,
        reason=asked["reason"],
        units=units,
        delivery_minor=asked.get("delivery_minor") or 0,
        goodwill_minor=asked.get("amount_minor") or 0,
    )
