"""Pick-up stations over the API."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from checkout.api.examples import STATION_ID
from checkout.stations.selectors import stations
from kit.api.input import PageQuery, query_of
from kit.api.lists import PageOutput, asked_window, page_body
from kit.api.refusals import answer
from kit.text.serializers import CountryField, LineField
from kit.text.subdivisions import subdivision_code

STATION: dict[str, Any] = {
    "id": STATION_ID,
    "name": "Ikeja City Mall",
    "address": "194 Obafemi Awolowo Way",
    "town": "Ikeja",
    "subdivision": "NG-LA",
    "country": "NG",
    "opening_hours": "Monday to Saturday, 9 to 18",
}


class StationsQuery(PageQuery):
    """The place of the stations."""

    country = CountryField(required=False)
    subdivision = LineField(required=False, max_length=100, help_text="ISO 3166-2 code, or the name, of `country`.")


class StationOutput(serializers.Serializer[Any]):
    """A station."""

    id = serializers.UUIDField(help_text="For `delivery` of a checkout, after the method's id and a colon.")
    name = serializers.CharField()
    address = serializers.CharField()
    town = serializers.CharField()
    subdivision = serializers.CharField(allow_blank=True, help_text="ISO 3166-2; empty: the country has none.")
    country = serializers.CharField()
    opening_hours = serializers.CharField()


class StationPageOutput(PageOutput):
    """A page of stations."""

    results = StationOutput(many=True)


class StationsApi(APIView):
    """Stations that buyers may choose."""

    query_class = StationsQuery
    permission_classes = (AllowAny,)

    @extend_schema(
        operation_id="stations_list",
        summary="List pick-up stations",
        tags=["Cart"],
        responses={200: StationPageOutput},
        examples=[answer("One", {"count": 1, "next": None, "previous": None, "results": [STATION]})],
    )
    def get(self, request: Request) -> Response:
        """Return the open stations of a place. A shop delivers to those in the zone that its method is of."""
        asked = query_of(request)
        country, named = asked.get("country") or "", asked.get("subdivision") or ""
        code = (subdivision_code(country, named) or named) if named else ""
        found, window = stations(country=country, subdivision=code, is_open=True), asked_window(request)
        shown = found[window.offset : window.offset + window.size]
        return Response(page_body(request, count=found.count(), results=StationOutput(shown, many=True).data))
