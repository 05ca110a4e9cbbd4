"""A shop's commission over the operators' API."""

from typing import Any

from django.conf import settings
from django.utils import timezone
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.access import signed_in_user
from console.access import OperatorApi
from console.api.categories import ReasonInput
from console.api.shops import NO_SHOP, TAGS
from console.services.commission import change_commission
from kit.api.openapi import INVALID
from kit.api.refusals import CHANGED_MEANWHILE, sent
from kit.web.versions import IF_MATCH, entity_tag, sent_tags, telling_the_current
from tenants.models import Shop
from tenants.shops.commission import ALL_BPS, commission_version
from tenants.shops.selectors import facts_of, get_shop_by_slug

COMMISSION = {"slug": "indigo-fabrics", "commission_bps": 650, "effective_bps": 650, "market_bps": 800}
EXAMPLES = [OpenApiExample("A rate of its own", value=COMMISSION, response_only=True, status_codes=["200"])]
STALE = CHANGED_MEANWHILE


class CommissionOutput(serializers.Serializer[Any]):
    """A shop's commission, in hundredths of a percent of the items."""

    slug = serializers.CharField()
    commission_bps = serializers.IntegerField(allow_null=True, help_text="Its own rate; null: the market's.")
    effective_bps = serializers.SerializerMethodField(help_text="The rate of its next order.")
    market_bps = serializers.SerializerMethodField(help_text="The rate of shops without one of their own.")

    def get_effective_bps(self, shop: Shop) -> int:
        """Return the shop's rate, or the market's."""
        return facts_of(shop).commission_bps

    def get_market_bps(self, _shop: Shop) -> int:
        """Return the market's rate."""
        return int(settings.DEFAULT_COMMISSION_BPS)


class CommissionPatch(ReasonInput):
    """A shop's new rate, and why."""

    commission_bps = serializers.IntegerField(
        allow_null=True, min_value=0, max_value=ALL_BPS, help_text="800 is 8 %. Null: the market's rate."
    )


class OperatorShopCommissionApi(OperatorApi):
    """A shop's commission."""

    @extend_schema(
        operation_id="operator_shop_commission_read",
        summary="Read a shop's commission",
        tags=TAGS,
        responses={200: CommissionOutput, 404: NO_SHOP},
        examples=EXAMPLES,
    )
    def get(self, _request: Request, slug: str) -> Response:
        """Return the rate of a shop's next order, and the market's."""
        return _answer(get_shop_by_slug(slug))

    @extend_schema(
        operation_id="operator_shop_commission_update",
        summary="Change a shop's commission",
        tags=TAGS,
        request=CommissionPatch,
        parameters=[IF_MATCH],
        responses={200: CommissionOutput, 400: INVALID, 404: NO_SHOP, 412: STALE},
        examples=[
            sent("A rate of its own", {"commission_bps": 650, "reason": "The vendor asked for it by phone."}),
            *EXAMPLES,
        ],
    )
    def patch(self, request: Request, slug: str) -> Response:
        """Set the rate of orders placed from now on; earlier ones keep theirs. Owners get a letter."""
        data = CommissionPatch(data=request.data)
        data.is_valid(raise_exception=True)
        shop = get_shop_by_slug(slug)
        with telling_the_current(lambda: CommissionOutput(get_shop_by_slug(slug)).data):
            changed = change_commission(
                shop_id=shop.pk,
                commission_bps=data.validated_data["commission_bps"],
                actor_id=signed_in_user(request).pk,
                reason=data.validated_data["reason"],
                now=timezone.now(),
                seen=sent_tags(request),
            )
        return _answer(changed)


def _answer(shop: Shop) -> Response:
    return Response(CommissionOutput(shop).data, headers={"ETag": entity_tag(commission_version(shop))})
