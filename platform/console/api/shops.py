"""A shop's life over the operators' API."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.access import signed_in_user
from checkout.orders.shop_lifecycle import count_open_parts
from console.access import OperatorApi
from console.forms.actions import REASON_LENGTH
from console.services.shop_deletion import delete_shop_early
from console.services.shops import cancel_closing, close_shop, reopen_shop, restore_shop, suspend_shop
from kit.api.idempotent import takes_key
from kit.api.in_words import InWordsField
from kit.api.input import InputSerializer
from kit.api.moments import MomentField
from kit.api.openapi import INVALID
from kit.api.refusals import refusal, sent
from kit.text.serializers import LineField, ParagraphsField
from tenants.errors import ShopBusyError, ShopNotFoundError, ShopStatusError
from tenants.life.lifecycle import TRANSITIONS, may_be_paid_out
from tenants.models import Shop, ShopStatus
from tenants.shops.selectors import get_shop_by_slug

TAGS = ["Operators: shops"]
ACTS: dict[str, Any] = {
    "suspend": suspend_shop,
    "restore": restore_shop,
    "close": close_shop,
    "cancel_closing": cancel_closing,
    "reopen": reopen_shop,
    "delete": delete_shop_early,
}
SHOP = {
    "slug": "indigo-fabrics",
    "name": "Indigo Fabrics",
    "status": "suspended",
    "status_at": "2025-11-20T13:05:00.000Z",
    "note": "Sells what it does not have",
    "returns_on": None,
    "closes_at": None,
    "deletes_at": None,
    "may_become": ["closing", "draft", "holiday", "live"],
    "is_paid_out": False,
    "orders_left": 3,
}
EXAMPLES = [OpenApiExample("A suspended shop", value=SHOP, response_only=True, status_codes=["200"])]
NO_SHOP = refusal("There is no such shop.", ShopNotFoundError)
NOT_NOW = refusal(
    "It does not follow from the shop's status, or something is left to be done.", ShopStatusError, ShopBusyError
)


class ShopStatusOutput(serializers.Serializer[Any]):
    """Status of a shop."""

    slug = serializers.CharField()
    name = serializers.CharField()
    status = serializers.ChoiceField(choices=ShopStatus.choices)
    status_at = serializers.DateTimeField()
    note = InWordsField(source="status_note")
    returns_on = serializers.DateField(allow_null=True)
    closes_at = serializers.DateTimeField(allow_null=True)
    deletes_at = serializers.DateTimeField(source="delete_after", allow_null=True)
    may_become = serializers.SerializerMethodField(help_text="The statuses that may follow.")
    is_paid_out = serializers.SerializerMethodField(help_text="False while payouts are held.")
    orders_left = serializers.SerializerMethodField(help_text="Orders that keep it from being closed.")

    def get_may_become(self, shop: Shop) -> list[str]:
        """Return the statuses that the table of transitions allows."""
        return sorted(status.value for status in TRANSITIONS[ShopStatus(shop.status)])

    def get_is_paid_out(self, shop: Shop) -> bool:
        """Return whether the shop's status lets it be paid out."""
        return may_be_paid_out(shop.status)

    def get_orders_left(self, shop: Shop) -> int:
        """Count open orders."""
        return count_open_parts(shop_id=shop.pk)


class ShopActInput(InputSerializer):
    """Action on a shop, and its reason."""

    action = serializers.ChoiceField(choices=sorted(ACTS))
    reason = ParagraphsField(min_length=REASON_LENGTH[0], max_length=REASON_LENGTH[1])
    closes_at = MomentField(
        required=False, allow_null=True, default=None, help_text="With `close`: from when. Left out: now."
    )
    slug = LineField(
        max_length=50, required=False, default="", help_text="With `delete`: the shop's address once more."
    )


class OperatorShopStatusApi(OperatorApi):
    """A shop's status."""

    @extend_schema(
        operation_id="operator_shop_status_read",
        summary="Read a shop's status",
        tags=TAGS,
        responses={200: ShopStatusOutput, 404: NO_SHOP},
        examples=EXAMPLES,
    )
    def get(self, request: Request, slug: str) -> Response:
        """Return a shop's status and the ones that may follow."""
        return Response(ShopStatusOutput(get_shop_by_slug(slug)).data)

    @takes_key()
    @extend_schema(
        operation_id="operator_shop_status_set",
        summary="Suspend, restore, close, reopen or delete a shop",
        tags=TAGS,
        request=ShopActInput,
        responses={200: ShopStatusOutput, 400: INVALID, 404: NO_SHOP, 409: NOT_NOW},
        examples=[sent("Suspend", {"action": "suspend", "reason": "The vendor asked for it by phone."}), *EXAMPLES],
    )
    def post(self, request: Request, slug: str) -> Response:
        """Do something to a shop's life; the reason is kept in the audit log."""
        data = ShopActInput(data=request.data)
        data.is_valid(raise_exception=True)
        asked = data.validated_data
        more: dict[str, Any] = {}
        if asked["action"] == "close":
            more["closes_at"] = asked["closes_at"]
        elif asked["action"] == "delete":
            more["typed_slug"] = asked["slug"]
        shop = ACTS[asked["action"]](
            shop_id=get_shop_by_slug(slug).pk,
            actor_id=signed_in_user(request).pk,
            reason=asked["reason"],
            now=timezone.now(),
            **more,
        )
        return Response(ShopStatusOutput(shop).data)
