"""A shop's status."""

from typing import Any

from rest_framework import serializers

from checkout.orders.shop_lifecycle import count_open_parts
from kit.api.in_words import InWordsField
from kit.api.input import InputSerializer
from kit.text.serializers import LineField, ParagraphsField
from tenants.life.lifecycle import TRANSITIONS, may_be_paid_out
from tenants.life.status_changes import NOTE_LENGTH
from tenants.models import Shop, ShopStatus


class StatusOutput(serializers.Serializer[Any]):
    """Status of a shop."""

    status = serializers.ChoiceField(choices=ShopStatus.choices)
    status_at = serializers.DateTimeField()
    note = InWordsField(source="status_note", help_text="What was said about it: why, or to buyers.")
    returns_on = serializers.DateField(allow_null=True, help_text="When a holiday ends by itself.")
    closes_at = serializers.DateTimeField(allow_null=True, help_text="When a planned closure begins.")
    deletes_at = serializers.DateTimeField(
        source="delete_after", allow_null=True, help_text="When a closed shop's data is deleted."
    )
    may_become = serializers.SerializerMethodField(help_text="The statuses that may follow, for any role.")
    is_paid_out = serializers.SerializerMethodField(help_text="False while payouts are held.")
    orders_left = serializers.SerializerMethodField(help_text="What has to be finished before it can be closed.")

    def get_may_become(self, shop: Shop) -> list[str]:
        """Return the statuses that the table of transitions allows."""
        return sorted(status.value for status in TRANSITIONS[ShopStatus(shop.status)])

    def get_is_paid_out(self, shop: Shop) -> bool:
        """Return whether the shop's status lets it be paid out."""
        return may_be_paid_out(shop.status)

    def get_orders_left(self, shop: Shop) -> int:
        """Count open orders."""
        return count_open_parts(shop_id=shop.pk)


class HolidayInput(InputSerializer):
    """A holiday."""

    note = ParagraphsField(max_length=NOTE_LENGTH, required=False, allow_blank=True, default="")
    returns_on = serializers.DateField(required=False, allow_null=True, default=None)


class ClosureInput(InputSerializer):
    """Closing a shop for good."""

    shop_name = LineField(max_length=120, help_text="The shop's name, so that it is not the wrong one.")
    closes_on = serializers.DateField(required=False, allow_null=True, default=None, help_text="Left out: now.")
    reason = ParagraphsField(max_length=NOTE_LENGTH, required=False, allow_blank=True, default="")
