"""The shop's own facts and its balance over the API."""

from typing import ClassVar

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param

from accounts.access import signed_in_user
from checkout.selectors.shop_desk import shop_parts
from kit.openapi import INVALID
from payouts.selectors import shop_balances, shop_entries
from tenants.access import Capability
from tenants.selectors import facts_of, role_in
from vendors.access import StaffApi, shop_of
from vendors.api import examples
from vendors.api.examples import answer
from vendors.paging import API_PAGE_SIZE, DIGITS
from vendors.serializers.shop import BalanceOutput, EntryOutput, EntryPageOutput, ShopOutput

BALANCE_TAGS = ["Balance"]


class ShopApi(StaffApi):
    """The shop."""

    capabilities: ClassVar = {"GET": Capability.VIEW_DASHBOARD}

    @extend_schema(
        operation_id="shop_read",
        summary="Read your shop",
        tags=["Shop"],
        responses=ShopOutput,
        examples=[answer("The shop", examples.SHOP)],
    )
    def get(self, request: Request) -> Response:
        """Return the shop's profile, what it pays the market, and your role in it."""
        shop = shop_of(request)
        context = {"commission_bps": facts_of(shop).commission_bps, "role": role_in(signed_in_user(request), shop)}
        return Response(ShopOutput(shop, context=context).data)


class BalanceApi(StaffApi):
    """The balance."""

    capabilities: ClassVar = {"GET": Capability.VIEW_BALANCE}

    @extend_schema(
        operation_id="balance_read",
        summary="Read your balance",
        tags=BALANCE_TAGS,
        responses=BalanceOutput,
        examples=[answer("The balance", examples.BALANCE)],
    )
    def get(self, request: Request) -> Response:
        """Return what the shop is owed: pending until delivered, then available."""
        shop = shop_of(request)
        return Response(BalanceOutput(shop_balances(shop_id=shop.pk), context={"status": shop.status}).data)


class BalanceEntryListApi(StaffApi):
    """The balance's movements."""

    capabilities: ClassVar = {"GET": Capability.VIEW_BALANCE}

    @extend_schema(
        operation_id="balance_entries_list",
        summary="List what moved your balance",
        tags=BALANCE_TAGS,
        parameters=[OpenApiParameter("before", int, description="The last entry of the page before; see `next`.")],
        responses={200: EntryPageOutput, 400: INVALID},
        examples=[answer("A page", {"next": None, "results": [examples.ENTRY]})],
    )
    def get(self, request: Request) -> Response:
        """Return the movements order by order, newest first."""
        before, shop_id = request.query_params.get("before", ""), shop_of(request).pk
        if before and not DIGITS.fullmatch(before):
            raise ValidationError({"before": ["Give an entry's id."]})
        found = shop_entries(shop_id=shop_id, before_id=int(before) if before else None, limit=API_PAGE_SIZE + 1)
        shown = found[:API_PAGE_SIZE]
        ids = {entry.sub_order_id for entry in shown if entry.sub_order_id is not None}
        has_more = len(found) > API_PAGE_SIZE
        here = request.build_absolute_uri()
        body = {
            "next": replace_query_param(here, "before", str(shown[-1].id)) if has_more else None,
            "results": EntryOutput(shown, many=True, context={"parts": shop_parts(shop_id=shop_id, ids=ids)}).data,
        }
        return Response(body)
