"""Returns over the API: what they are, and what is sent to ask for, decide and receive one."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from checkout.exchanging.selectors import ExchangeState
from checkout.exchanging.telling import exchange_summary
from checkout.models import Return, ReturnStatus, ReversedBy
from checkout.photos.keeping import MOST_PHOTOS
from checkout.returning.moves import Move, allowed_moves
from checkout.serializers.cancelling import LONGEST_REASON, MOST_LINES
from checkout.serializers.refunds import RefundLineInput
from kit.api.input import InputSerializer
from kit.api.lists import FeedOutput
from kit.text.serializers import LineField, OptionalText, ParagraphsField

LONGEST_NOTE = 2_000
SIDES = ("", ReversedBy.BUYER, ReversedBy.SHOP, ReversedBy.OPERATOR)  # banks take money back, and no goods
MOVES = [(move.value, move.value) for move in Move]


class ReturnLineOutput(serializers.Serializer[Any]):
    """A line of a return."""

    line_id = serializers.UUIDField(source="variant_id")
    sku = serializers.CharField()
    title = serializers.CharField()
    quantity = serializers.IntegerField()


class ExchangeLineOutput(serializers.Serializer[Any]):
    """A variant that is wanted for a line."""

    line_id = serializers.UUIDField()
    variant_id = serializers.UUIDField()
    sku = serializers.CharField()
    title = serializers.CharField()
    quantity = serializers.IntegerField()


class ExchangeOutput(serializers.Serializer[Any]):
    """Other variants instead of money."""

    state = serializers.ChoiceField(
        choices=[(each.value, each.value) for each in ExchangeState],
        help_text=(
            "`asked`: the shop has not decided; `kept`: in stock for the buyer until the items arrive; `to_pay`: waits "
            "for the difference; `done`: ordered; `ended`: not exchanged, so "
            "that the money goes back where the return is accepted."
        ),
    )
    lines = ExchangeLineOutput(many=True)
    difference_minor = serializers.IntegerField(
        allow_null=True, help_text="What the buyer pays; below zero: gets back. Null where it has ended."
    )
    order_number = serializers.CharField(
        allow_null=True, help_text="Of the order of what is sent; null before the shop accepts."
    )


class ReturnStepOutput(serializers.Serializer[Any]):
    """A move of a return."""

    move = serializers.ChoiceField(choices=MOVES)
    status = serializers.ChoiceField(choices=ReturnStatus.choices, help_text="After it.")
    by = serializers.ChoiceField(choices=SIDES, allow_blank=True, help_text="Empty: the provider's answer.")
    text = serializers.CharField(allow_blank=True)
    moved_at = serializers.DateTimeField(source="at")


class ReturnPhotoOutput(serializers.Serializer[Any]):
    """A photo; buyer, shop and operators fetch it by its id."""

    id = serializers.UUIDField()


class ReturnOutput(serializers.Serializer[Any]):
    """Units that a buyer wants to send back."""

    id = serializers.UUIDField()
    sub_order_number = serializers.CharField(source="sub_order.number")
    status = serializers.ChoiceField(choices=ReturnStatus.choices)
    reason = serializers.CharField()
    note = serializers.CharField(allow_blank=True)
    instructions = serializers.CharField(allow_blank=True, help_text="Where and how it is handed in.")
    lines = ReturnLineOutput(many=True, source="returned_lines")
    photos = ReturnPhotoOutput(many=True)
    exchange = serializers.SerializerMethodField(help_text="Null where all is for money.")
    refund_minor = serializers.IntegerField(
        source="reversal.refund_minor",
        default=None,
        allow_null=True,
        help_text="Its value, also of what was exchanged; null before it was received.",
    )
    currency = serializers.CharField(source="sub_order.currency")
    steps = ReturnStepOutput(many=True, source="status_steps", help_text="The oldest first.")
    allowed_moves = serializers.SerializerMethodField(help_text="The caller's, now.")
    requested_at = serializers.DateTimeField()
    status_at = serializers.DateTimeField()

    @extend_schema_field(ExchangeOutput(allow_null=True))
    def get_exchange(self, found: Return) -> Any:
        """Return the variants that are wanted instead, and the state of the exchange."""
        told = exchange_summary(found)
        return None if told is None else ExchangeOutput(told).data

    @extend_schema_field(serializers.ListField(child=serializers.ChoiceField(choices=MOVES)))
    def get_allowed_moves(self, found: Return) -> list[str]:
        """Return the moves that the caller's side may make now."""
        side = self.context.get("side", ReversedBy.BUYER)
        return [move.value for move in allowed_moves(found, side, now=timezone.now())]


class ReturnFeedOutput(FeedOutput):
    """Some returns."""

    results = ReturnOutput(many=True)


class AskReturnLineInput(RefundLineInput):
    """Units of a line, and what is wanted for them."""

    exchange_variant_id = serializers.UUIDField(
        required=False,
        allow_null=True,
        help_text="Another variant of the same product that is wanted instead of money, as many units of it.",
    )


def _lines(
    *, help_text: str, required: bool, child: type[RefundLineInput] = RefundLineInput
) -> serializers.Field[Any, Any, Any, Any]:
    return serializers.ListField(
        child=child(),
        required=required,
        allow_null=not required,
        allow_empty=not required,
        max_length=MOST_LINES,
        help_text=help_text,
    )


class AskReturnInput(InputSerializer):
    """Units of one shop's part of an order to send back."""

    lines = _lines(help_text="Of one shop.", required=True, child=AskReturnLineInput)
    reason = LineField(max_length=LONGEST_REASON, help_text="Such as: it arrived broken.")
    note = ParagraphsField(max_length=LONGEST_NOTE, required=False, allow_blank=True)
    photos = serializers.ListField(
        child=serializers.UUIDField(),
        required=False,
        allow_null=True,
        max_length=MOST_PHOTOS,
        help_text="Ids of photos that were sent before.",
    )

    def validate_lines(self, lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Refuse a line that comes twice with other wishes: one of them would be forgotten."""
        wishes: dict[UUID, set[UUID | None]] = {}
        for line in lines:
            wishes.setdefault(line["line_id"], set()).add(line.get("exchange_variant_id"))
        if any(len(wanted) > 1 for wanted in wishes.values()):
            message = gettext("Ask for one thing for all units of a line, or make two requests.")
            raise serializers.ValidationError(message, code="two_wishes")
        return lines


class WordInput(InputSerializer):
    """A word to the other side."""

    message = LineField(max_length=500, help_text="The other side reads it.")


class AcceptInput(InputSerializer):
    """Instructions for handing an accepted return in."""

    instructions = ParagraphsField(max_length=LONGEST_NOTE, required=False, allow_blank=True)
    refunds_instead = serializers.BooleanField(
        required=False, default=False, help_text="Accept it for money, whatever the buyer wants instead."
    )


class RefuseInput(InputSerializer):
    """The reason of a refusal."""

    reason = LineField(max_length=LONGEST_REASON, help_text="The buyer reads it.")


class ReceiveInput(InputSerializer):
    """Units that have arrived; an empty body means all of them, as good as new."""

    written_off = _lines(help_text="Units that don't go back on the shelf.", required=False)
    delivery_minor = serializers.IntegerField(
        required=False, allow_null=True, min_value=1, help_text="Of what was paid for the delivery, what goes back too."
    )
    message = OptionalText(max_length=500, help_text="The buyer reads it.")


def wanted_of_lines(lines: Iterable[Mapping[str, Any]]) -> dict[UUID, UUID]:
    """Return the variants that are wanted instead, by line."""
    return {line["line_id"]: line["exchange_variant_id"] for line in lines if line.get("exchange_variant_id")}


def units_of_lines(lines: Iterable[Mapping[str, Any]] | None) -> dict[UUID, int]:
    """Return the units of an input's lines, added up by line."""
    units: dict[UUID, int] = {}
    for line in lines or ():
        units[line["line_id"]] = units.get(line["line_id"], 0) + line["quantity"]
    return units
