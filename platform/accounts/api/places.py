"""Places for the forms of front ends."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.towns import find_places
from kit.api.input import PageQuery, query_of
from kit.api.lists import PageOutput, asked_window, page_body
from kit.api.refusals import answer
from kit.text.serializers import CountryField, LineField

LAGOS = {"kind": "subdivision", "name": "Lagos", "code": "NG-LA"}
IKEJA = {"kind": "town", "name": "Ikeja", "code": "NG-LA"}


class PlacesQuery(PageQuery):
    """A country, and the beginning of a name."""

    country = CountryField()
    q = LineField(required=False, max_length=100, help_text="Beginnings of words of the name, in any case.")


class KnownPlaceOutput(serializers.Serializer[Any]):
    """A state, region or county, or a town."""

    kind = serializers.ChoiceField(choices=["subdivision", "town"])
    name = serializers.CharField()
    code = serializers.CharField(
        help_text="ISO 3166-2, for `subdivision` of an address; of a town that of its state, empty where it is unknown."
    )


class PlacePageOutput(PageOutput):
    """A page of places."""

    results = KnownPlaceOutput(many=True)


class PlacesApi(APIView):
    """Places of a country."""

    query_class = PlacesQuery
    permission_classes = (AllowAny,)

    @extend_schema(
        tags=["Addresses"],
        operation_id="places_list",
        summary="Find states and towns",
        responses={200: PlacePageOutput},
        examples=[answer("Places", {"count": 2, "next": None, "previous": None, "results": [LAGOS, IKEJA]})],
    )
    def get(self, request: Request) -> Response:
        """List the states of a country, then the towns that shops name; a town may be any other one too."""
        query = query_of(request)
        found = find_places(country=query["country"], asked=query.get("q") or "")
        window = asked_window(request)
        shown = found[window.offset : window.offset + window.size]
        return Response(page_body(request, count=len(found), results=KnownPlaceOutput(shown, many=True).data))
