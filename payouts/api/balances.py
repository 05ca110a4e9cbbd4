"""A shop's balance as programs read it."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from payouts.disputes.selectors import held_by_disputes
from payouts.selectors import shop_balances
from payouts.selectors.releases import PendingMoney, pending_money
from tenants.life.lifecycle import may_be_paid_out
from tenants.models import Shop

BALANCE: dict[str, Any] = {
    "currency": "NGN",
    "pending_minor": 3_554_000,
    "available_minor": 61_240_000,
    "reserved_minor": 2_100_000,
    "in_transit_minor": 0,
    "receivable_minor": 0,
    "total_minor": 66_894_000,
    "disputed_minor": 1_850_000,
    "next_releases": [{"due_on": "2025-11-27", "orders": 1, "amount_minor": 2_400_000}],
    "held": {"orders": 1, "amount_minor": 1_154_000},
    "is_held": False,
}


class DueDayOutput(serializers.Serializer[Any]):
    """A day on which pending money is released."""

    due_on = serializers.DateField()
    orders = serializers.IntegerField()
    amount_minor = serializers.IntegerField(help_text="Pending of them; a reserve and what is owed are taken of it.")


class HeldOutput(serializers.Serializer[Any]):
    """Pending money of orders that something holds."""

    orders = serializers.IntegerField(source="held_orders")
    amount_minor = serializers.IntegerField(source="held_minor")


class BalanceOutput(serializers.Serializer[Any]):
    """Balance of a shop."""

    currency = serializers.CharField()
    pending_minor = serializers.IntegerField(help_text="Sold, and not yet payable.")
    available_minor = serializers.IntegerField(help_text="Payable.")
    reserved_minor = serializers.IntegerField(help_text="Released, and kept as cover for a time.")
    in_transit_minor = serializers.IntegerField(help_text="On its way to the shop's bank.")
    receivable_minor = serializers.IntegerField(help_text="What the shop owes; taken from what is released next.")
    total_minor = serializers.IntegerField(help_text="All of it, less what the shop owes.")
    disputed_minor = serializers.SerializerMethodField(
        help_text="Held by disputes until the bank has decided, and not in the total."
    )
    next_releases = serializers.SerializerMethodField(help_text="The next days on which pending money is released.")
    held = serializers.SerializerMethodField(help_text="What is pending of orders that something holds.")
    is_held = serializers.SerializerMethodField(help_text="Whether payouts wait, because the shop is suspended.")

    @extend_schema_field(DueDayOutput(many=True))
    def get_next_releases(self, _balances: Any) -> Any:
        """Return the next days, with what is pending of the orders that are due on them."""
        return DueDayOutput(self._pending.days, many=True).data

    @extend_schema_field(HeldOutput())
    def get_held(self, _balances: Any) -> Any:
        """Return the number of orders that are held, and the amount."""
        return HeldOutput(self._pending).data

    def get_disputed_minor(self, _balances: Any) -> int:
        """Return the amount that undecided disputes hold."""
        held: int = self.context["disputed_minor"]
        return held

    @property
    def _pending(self) -> PendingMoney:
        pending: PendingMoney = self.context["pending"]
        return pending

    def get_is_held(self, _balances: Any) -> bool:
        """Return whether the shop's status holds its payouts."""
        return not may_be_paid_out(self.context["status"])


def shown_balance(shop: Shop) -> Any:
    """Return a shop's balance as programs read it."""
    context = {
        "status": shop.status,
        "pending": pending_money(shop_id=shop.pk),
        "disputed_minor": held_by_disputes(shop_id=shop.pk),
    }
    return BalanceOutput(shop_balances(shop_id=shop.pk), context=context).data
