"""A shop's own facts and its balance."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from catalogue.selectors.pictures import full_picture_url
from kit.api.lists import FeedOutput
from payouts.selectors.releases import PendingMoney
from tenants.life.lifecycle import may_be_paid_out
from tenants.models import Role, Shop, ShopStatus
from vendors.selectors.entries import StatementRow


class ShopOutput(serializers.Serializer[Any]):
    """A shop as its staff see it."""

    slug = serializers.CharField()
    name = serializers.CharField()
    tagline = serializers.CharField(allow_blank=True)
    description = serializers.CharField(allow_blank=True)
    city = serializers.CharField(allow_blank=True)
    country = serializers.CharField(help_text="ISO 3166-1 alpha-2.")
    currency = serializers.CharField(help_text="ISO 4217.")
    status = serializers.ChoiceField(choices=ShopStatus.choices)
    shipping_minor = serializers.IntegerField(help_text="Flat rate for a delivery, in minor units.")
    delivery_policy = serializers.CharField(allow_blank=True)
    returns_policy = serializers.CharField(allow_blank=True)
    contact_email = serializers.CharField(allow_blank=True, help_text="Where buyers can write to.")
    contact_phone = serializers.CharField(allow_blank=True)
    commission_bps = serializers.SerializerMethodField(
        help_text="What the market keeps where no rule of commission is for a line, in hundredths of a percent."
    )
    logo_url = serializers.SerializerMethodField(help_text="Empty without a logo.")
    banner_url = serializers.SerializerMethodField(help_text="Empty without a banner.")
    role = serializers.SerializerMethodField(help_text="Yours in this shop.")

    def get_commission_bps(self, shop: Shop) -> int:
        """Return the shop's rate, or the platform's."""
        return int(self.context["commission_bps"])

    def get_logo_url(self, shop: Shop) -> str:
        """Return the logo's address."""
        return full_picture_url(shop.logo)

    def get_banner_url(self, shop: Shop) -> str:
        """Return the banner's address."""
        return full_picture_url(shop.banner)

    def get_role(self, shop: Shop) -> Role | None:
        """Return the caller's role."""
        role: Role | None = self.context["role"]
        return role


class DueDayOutput(serializers.Serializer[Any]):
    """A day on which pending money is released."""

    due_on = serializers.DateField()
    orders = serializers.IntegerField()
    amount_minor = serializers.IntegerField(help_text="Pending of them; a reserve and what you owe are taken of it.")


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
    in_transit_minor = serializers.IntegerField(help_text="On its way to your bank.")
    receivable_minor = serializers.IntegerField(help_text="What you owe; taken from what is released next.")
    total_minor = serializers.IntegerField(help_text="All of it, less what you owe.")
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

    @property
    def _pending(self) -> PendingMoney:
        pending: PendingMoney = self.context["pending"]
        return pending

    def get_is_held(self, _balances: Any) -> bool:
        """Return whether the shop's status holds its payouts."""
        return not may_be_paid_out(self.context["status"])


class EntryOutput(serializers.Serializer[Any]):
    """A movement of a shop's balance."""

    id = serializers.IntegerField(source="entry.id")
    kind = serializers.CharField(source="entry.journal_kind")
    balance = serializers.SerializerMethodField(help_text="Which balance moved: `pending` or `available`.")
    order_number = serializers.CharField(
        source="part.number", default="", help_text="The order's number in this shop, or nothing."
    )
    total_minor = serializers.IntegerField(
        allow_null=True, help_text="What the buyer paid for it, or null; below zero where it goes back."
    )
    commission_minor = serializers.IntegerField(
        allow_null=True, help_text="What the market kept of it, or null; below zero where it is given back."
    )
    commission_tax_minor = serializers.IntegerField(allow_null=True, help_text="The market's tax on it, likewise.")
    amount_minor = serializers.IntegerField(
        source="entry.amount_minor", help_text="In the shop's favour where positive."
    )
    currency = serializers.CharField(source="entry.currency")
    occurred_at = serializers.DateTimeField(source="entry.occurred_at")

    def get_balance(self, row: StatementRow) -> str:
        """Name the balance without the ledger's prefix."""
        return row.entry.account_kind.removeprefix("shop_")


class EntryFeedOutput(FeedOutput):
    """Some movements of a shop's balance."""

    results = EntryOutput(many=True)
