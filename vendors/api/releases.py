"""Releases of the money of a shop's orders over the API."""

from typing import ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from kit.api.input import query_of
from kit.api.lists import feed_body, feed_place
from kit.api.openapi import INVALID
from kit.api.refusals import answer
from kit.db.keyset import read_slice
from payouts.api.releases import RELEASE, ReleaseFeedOutput, ReleaseOutput, ReleasesQuery
from payouts.capabilities import VIEW_BALANCE
from payouts.selectors.releases import describe_releases, schedules_of_shop
from vendors.access import StaffApi, shop_of


class ReleaseListApi(StaffApi):
    """Releases of the shop's orders."""

    query_class = ReleasesQuery
    capabilities: ClassVar = {"GET": VIEW_BALANCE}

    @extend_schema(
        operation_id="balance_releases_list",
        summary="List when the money of each order is released",
        tags=["Balance"],
        responses={200: ReleaseFeedOutput, 400: INVALID},
        examples=[answer("Some of them", {"next": None, "previous": None, "results": [RELEASE]})],
    )
    def get(self, request: Request) -> Response:
        """Return the delivered orders, the newest first: when each is available, or what holds it."""
        schedules = schedules_of_shop(shop_id=shop_of(request).pk, state=query_of(request)["state"])
        found = read_slice(schedules, **feed_place(request))
        results = ReleaseOutput(describe_releases(found.rows), many=True).data
        return Response(feed_body(request, found, results=results))
