"""The shop's own facts and its balance over the API."""

from typing import Any, ClassVar

from django.utils import timezone
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.access import signed_in_user
from kit.api.input import FeedQuery
from kit.api.lists import feed_body, feed_place
from kit.api.openapi import INVALID
from kit.api.refusals import CHANGED_MEANWHILE, answer
from kit.db.keyset import read_slice
from kit.web.versions import IF_MATCH, entity_tag, sent_tags, telling_the_current
from payouts.api.balances import BALANCE, BalanceOutput, shown_balance
from payouts.capabilities import VIEW_BALANCE
from payouts.selectors import as_shop_entry, shop_entries_query
from tenants.capabilities import MANAGE_PROFILE, VIEW_DASHBOARD
from tenants.models import Shop
from tenants.shops.profile import profile_version, update_profile
from tenants.shops.selectors import facts_of, get_shop, role_in
from vendors.access import StaffApi, shop_of
from vendors.api import examples
from vendors.selectors.entries import statement_rows
from vendors.serializers.setup import PicturesInput, ProfileInput
from vendors.serializers.shop import EntryFeedOutput, EntryOutput, ShopOutput
from vendors.services.profile import save_profile

BALANCE_TAGS = ["Balance"]


class ShopApi(StaffApi):
    """The shop."""

    capabilities: ClassVar = {"GET": VIEW_DASHBOARD, "PATCH": MANAGE_PROFILE}

    @extend_schema(
        operation_id="shop_read",
        summary="Read your shop",
        tags=["Shop"],
        responses=ShopOutput,
        examples=[answer("The shop", examples.SHOP)],
    )
    def get(self, request: Request) -> Response:
        """Return the shop's profile, what it pays the market, and your role in it."""
        return _whole(request, shop_of(request))

    @extend_schema(
        operation_id="shop_update",
        summary="Change your shop's profile and policies",
        tags=["Shop"],
        request=ProfileInput,
        parameters=[IF_MATCH],
        responses={200: ShopOutput, 412: CHANGED_MEANWHILE},
        examples=[
            OpenApiExample("Policies", value={"returns_policy": "14 days, unworn."}, request_only=True),
            answer("The shop", examples.SHOP),
        ],
    )
    def patch(self, request: Request) -> Response:
        """Change the fields that are sent; a new name appears on all products."""
        data = ProfileInput(data=request.data)
        data.is_valid(raise_exception=True)
        with telling_the_current(lambda: _data(request, get_shop(shop_id=shop_of(request).pk))):
            changed = update_profile(
                shop_id=shop_of(request).pk,
                actor_id=signed_in_user(request).pk,
                now=timezone.now(),
                seen=sent_tags(request),
                **data.validated_data,
            )
        return _whole(request, changed)


class ShopPicturesApi(StaffApi):
    """The shop's logo and banner."""

    capabilities: ClassVar = {"PUT": MANAGE_PROFILE}
    parser_classes = (MultiPartParser,)

    @extend_schema(
        operation_id="shop_pictures_set",
        summary="Change your shop's logo and banner",
        tags=["Shop"],
        request={"multipart/form-data": PicturesInput},
        parameters=[IF_MATCH],
        responses={200: ShopOutput, 400: INVALID, 412: CHANGED_MEANWHILE},
        examples=[answer("The shop", examples.SHOP)],
    )
    def put(self, request: Request) -> Response:
        """Put other pictures in their place; they are stored re-encoded, without their metadata."""
        data = PicturesInput(data=request.data)
        data.is_valid(raise_exception=True)
        with telling_the_current(lambda: _data(request, get_shop(shop_id=shop_of(request).pk))):
            changed = save_profile(
                shop=shop_of(request),
                fields={},
                uploads=data.validated_data,
                actor_id=signed_in_user(request).pk,
                now=timezone.now(),
                seen=sent_tags(request),
            )
        return _whole(request, changed)


def _whole(request: Request, shop: Shop) -> Response:
    return Response(_data(request, shop), headers={"ETag": entity_tag(profile_version(shop))})


def _data(request: Request, shop: Shop) -> Any:
    context = {"commission_bps": facts_of(shop).commission_bps, "role": role_in(signed_in_user(request), shop)}
    return ShopOutput(shop, context=context).data


class BalanceApi(StaffApi):
    """The balance."""

    capabilities: ClassVar = {"GET": VIEW_BALANCE}

    @extend_schema(
        operation_id="balance_read",
        summary="Read your balance",
        tags=BALANCE_TAGS,
        responses=BalanceOutput,
        examples=[answer("The balance", BALANCE)],
    )
    def get(self, request: Request) -> Response:
        """Return the shop's balances, and the days on which pending money of delivered orders is released."""
        return Response(shown_balance(shop_of(request)))


class BalanceEntryListApi(StaffApi):
    """The balance's movements."""

    query_class = FeedQuery
    capabilities: ClassVar = {"GET": VIEW_BALANCE}

    @extend_schema(
        operation_id="balance_entries_list",
        summary="List what moved your balance",
        tags=BALANCE_TAGS,
        responses={200: EntryFeedOutput, 400: INVALID},
        examples=[answer("Some of them", {"next": None, "previous": None, "results": [examples.ENTRY]})],
    )
    def get(self, request: Request) -> Response:
        """Return the movements order by order, newest first."""
        shop_id = shop_of(request).pk
        found = read_slice(shop_entries_query(shop_id=shop_id), **feed_place(request))
        shown = [as_shop_entry(entry) for entry in found.rows]
        rows = statement_rows(shop_id=shop_id, entries=shown)
        return Response(feed_body(request, found, results=EntryOutput(rows, many=True).data))
