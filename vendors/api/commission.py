"""The commission on a shop's orders, explained over the API."""

from typing import ClassVar

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from checkout.commission.explaining import explain_shop_commission
from checkout.commission.shop_rules import shop_commission
from checkout.serializers.commission import COMMISSION, PartCommissionOutput
from kit.api.refusals import answer
from payouts.capabilities import VIEW_BALANCE
from vendors.access import StaffApi, shop_of
from vendors.api import examples
from vendors.serializers.commission import SHOP_COMMISSION, ShopCommissionOutput


class VendorOrderCommissionApi(StaffApi):
    """Commission on an order."""

    capabilities: ClassVar = {"GET": VIEW_BALANCE}

    @extend_schema(
        operation_id="vendor_order_commission_read",
        summary="Read how an order's commission came about",
        tags=["Orders"],
        responses={200: PartCommissionOutput, 404: examples.NO_ORDER},
        examples=[answer("A line with a rule", COMMISSION)],
    )
    def get(self, request: Request, number: str) -> Response:
        """Return for each line the rule, the reason why it came before others, its base and its commission."""
        return Response(PartCommissionOutput(explain_shop_commission(shop_id=shop_of(request).pk, number=number)).data)


class ShopCommissionApi(StaffApi):
    """The shop's commission."""

    capabilities: ClassVar = {"GET": VIEW_BALANCE}

    @extend_schema(
        operation_id="commission_read",
        summary="Read your commission",
        tags=["Balance"],
        responses=ShopCommissionOutput,
        examples=[answer("A rule that is planned", SHOP_COMMISSION)],
    )
    def get(self, request: Request) -> Response:
        """Return the shop's rate, and the rules that are for it: on, planned or ended in the last 30 days.

        Of the rules that are on, the first that is for a product counts.
        """
        return Response(ShopCommissionOutput(shop_commission(shop=shop_of(request), now=timezone.now())).data)
