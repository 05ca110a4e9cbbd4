"""A shop's own facts, and the movements of its balance."""

from typing import Any

from rest_framework import serializers

from catalogue.selectors.pictures import full_picture_url
from kit.api.lists import FeedOutput
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
        help_text="What the market keeps where no commission rule is for a line, in hundredths of a percent."
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
