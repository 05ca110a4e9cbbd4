"""Search over everything that operators manage, over the API."""

from typing import Any

from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from console.access import OperatorApi
from console.selectors.search import search_everything
from kit.api.input import Query, query_of
from kit.api.openapi import INVALID
from kit.text.serializers import LineField

FOUND = {
    "kind": "orders",
    "hits": [
        {
            "key": "KS-7F3K9QXD2M",
            "title": "KS-7F3K9QXD2M",
            "note": "Amina Yusuf, amina@example.com · ₦18,500",
            "status": "paid",
        }
    ],
    "has_more": False,
}


class SearchQuery(Query):
    """Words of a search."""

    q = LineField(
        required=False,
        default="",
        min_length=3,
        max_length=254,
        help_text="A part of a number, a reference, a name or an address: at least three letters or digits in a row.",
    )


class HitOutput(serializers.Serializer[Any]):
    """A row that was found."""

    key = serializers.CharField(help_text="Its number, reference, slug, id or e-mail address.")
    title = serializers.CharField()
    note = serializers.CharField(allow_blank=True)
    status = serializers.CharField()


class HitGroupOutput(serializers.Serializer[Any]):
    """The first rows of a kind."""

    kind = serializers.ChoiceField(choices=["orders", "payments", "shops", "applications", "people"])
    hits = HitOutput(many=True)
    has_more = serializers.BooleanField(source="is_cut")


class OperatorSearchApi(OperatorApi):
    """Search by parts."""

    query_class = SearchQuery
    throttle_scope = "console-search"

    @extend_schema(
        operation_id="operator_hits_list",
        summary="Search orders, payments, shops, applications and people",
        tags=["Operators: search"],
        responses={200: HitGroupOutput(many=True), 400: INVALID},
        examples=[OpenApiExample("An order", value=[FOUND], response_only=True, status_codes=["200"])],
    )
    def get(self, request: Request) -> Response:
        """Return the rows found, by kind; kinds without any are left out."""
        return Response(HitGroupOutput(search_everything(query_of(request)["q"]), many=True).data)
