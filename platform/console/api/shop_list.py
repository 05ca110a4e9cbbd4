"""Shops of all statuses over the operators' API."""

from typing import Any

from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from checkout.orders.shop_lifecycle import count_open_parts
from console.access import OperatorApi
from console.api import examples
from console.api.shops import NO_SHOP, TAGS
from kit.api.input import FeedQuery, query_of, search_field
from kit.api.lists import FeedOutput, feed_body, feed_place
from kit.api.refusals import answer
from kit.db.keyset import read_slice
from payouts.selectors import ShopBalances, balances_of
from tenants.life.lifecycle import may_be_paid_out
from tenants.models import Shop, ShopStatus
from tenants.shops.selectors import facts_of, get_shop_by_slug, list_shops, owner_emails


class ShopBalanceOutput(serializers.Serializer[Any]):
    """Balance of a shop."""

    currency = serializers.CharField()
    pending_minor = serializers.IntegerField(help_text="Sold, and not yet payable.")
    available_minor = serializers.IntegerField(help_text="Payable.")
    total_minor = serializers.IntegerField()


class OperatorShopOutput(serializers.ModelSerializer[Shop]):
    """A shop in a list."""

    status = serializers.ChoiceField(choices=ShopStatus.choices)
    owner_email = serializers.SerializerMethodField(help_text="Its longest-serving owner's; null without one.")
    balance = serializers.SerializerMethodField()

    class Meta:
        model = Shop
        fields: tuple[str, ...] = (
            *("id", "slug", "name", "status", "status_at", "city", "country", "currency"),
            *("owner_email", "balance", "created_at"),
        )

    def get_owner_email(self, shop: Shop) -> str | None:
        """Return the owner's address, which was read for all shops of the list."""
        owners: dict[int, str] = self.context["owners"]
        return owners.get(shop.pk)

    @extend_schema_field(ShopBalanceOutput)
    def get_balance(self, shop: Shop) -> Any:
        """Return the balance, which was read for all shops of the list."""
        balances: dict[int, ShopBalances] = self.context["balances"]
        return ShopBalanceOutput(balances[shop.pk]).data


class OperatorShopDetailOutput(OperatorShopOutput):
    """A shop with what decides on its life."""

    contact_email = serializers.CharField(allow_blank=True)
    contact_phone = serializers.CharField(allow_blank=True)
    commission_bps = serializers.SerializerMethodField(help_text="The rate of its next order.")
    is_paid_out = serializers.SerializerMethodField(help_text="False while payouts are held.")
    orders_left = serializers.SerializerMethodField(help_text="Orders that keep it from being closed.")

    class Meta(OperatorShopOutput.Meta):
        fields = (
            *OperatorShopOutput.Meta.fields,
            *("contact_email", "contact_phone", "commission_bps", "is_paid_out", "orders_left"),
        )

    def get_commission_bps(self, shop: Shop) -> int:
        """Return the shop's rate, or the market's."""
        return facts_of(shop).commission_bps

    def get_is_paid_out(self, shop: Shop) -> bool:
        """Return whether the shop's status lets it be paid out."""
        return may_be_paid_out(shop.status)

    def get_orders_left(self, shop: Shop) -> int:
        """Count open orders."""
        return count_open_parts(shop_id=shop.pk)


class OperatorShopFeedOutput(FeedOutput):
    """Some shops."""

    results = OperatorShopOutput(many=True)


class OperatorShopsQuery(FeedQuery):
    """Filter of shops."""

    status = serializers.ChoiceField(required=False, default="", choices=ShopStatus.choices)
    search = search_field("A part of the name or of the slug.")


class OperatorShopListApi(OperatorApi):
    """Shops of all statuses."""

    query_class = OperatorShopsQuery

    @extend_schema(
        operation_id="operator_shops_list",
        summary="List shops of any status",
        tags=TAGS,
        responses={200: OperatorShopFeedOutput},
        examples=[answer("Some of them", examples.feed(examples.SHOP))],
    )
    def get(self, request: Request) -> Response:
        """Return the shops that match with what they are owed, the newest first."""
        asked = query_of(request)
        found = read_slice(list_shops(search=asked.get("search", ""), status=asked["status"]), **feed_place(request))
        results = OperatorShopOutput(found.rows, many=True, context=_context([shop.pk for shop in found.rows])).data
        return Response(feed_body(request, found, results=results))


class OperatorShopApi(OperatorApi):
    """One shop."""

    @extend_schema(
        operation_id="operator_shop_read",
        summary="Read a shop of any status",
        tags=TAGS,
        responses={200: OperatorShopDetailOutput, 404: NO_SHOP},
        examples=[answer("The shop", examples.SHOP_DETAIL)],
    )
    def get(self, _request: Request, slug: str) -> Response:
        """Return a shop with its balance, commission and open orders."""
        shop = get_shop_by_slug(slug)
        return Response(OperatorShopDetailOutput(shop, context=_context([shop.pk])).data)


def _context(shop_ids: list[int]) -> dict[str, Any]:
    return {"owners": owner_emails(shop_ids=shop_ids), "balances": balances_of(shop_ids=shop_ids)}
