"""Payouts to the shop's bank account, over the API."""

from typing import ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from kit.api.input import FeedQuery, query_of
from kit.api.lists import feed_body, feed_place
from kit.api.openapi import INVALID
from kit.api.refusals import answer
from kit.db.keyset import read_slice
from payouts.capabilities import VIEW_BALANCE
from payouts.models import PayoutStatus
from payouts.selectors.payouts import payouts_of_shop
from vendors.access import StaffApi, shop_of
from vendors.api import examples
from vendors.serializers.payouts import PayoutFeedOutput, PayoutOutput


class ShopPayoutsQuery(FeedQuery):
    """Filter of payouts."""

    status = serializers.ChoiceField(required=False, default="", choices=PayoutStatus.choices)


class PayoutListApi(StaffApi):
    """Payouts to the shop."""

    query_class = ShopPayoutsQuery
    capabilities: ClassVar = {"GET": VIEW_BALANCE}

    @extend_schema(
        operation_id="payouts_list",
        summary="List your payouts",
        tags=["Balance"],
        responses={200: PayoutFeedOutput, 400: INVALID},
        examples=[answer("Some of them", {"next": None, "previous": None, "results": [examples.PAYOUT]})],
    )
    def get(self, request: Request) -> Response:
        """Return the payouts, the newest first: the amount, the account, and how far each is."""
        payouts = payouts_of_shop(shop_id=shop_of(request).pk, status=query_of(request)["status"])
        found = read_slice(payouts, **feed_place(request))
        return Response(feed_body(request, found, results=PayoutOutput(found.rows, many=True).data))
