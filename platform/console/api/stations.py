"""The platform's pick-up stations over the operators' API."""

from dataclasses import replace
from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.access import signed_in_user
from checkout.api.stations import STATION, StationOutput
from checkout.errors import StationNotFoundError
from checkout.models import Station
from checkout.stations.inputs import StationInput
from checkout.stations.selectors import get_station, station_version, stations
from console.access import OperatorApi
from console.api.categories import ReasonInput
from console.services.stations import add_station, change_station
from kit.api.idempotent import takes_key
from kit.api.input import PageQuery
from kit.api.lists import PageOutput, asked_window, page_body
from kit.api.openapi import INVALID
from kit.api.refusals import CHANGED_MEANWHILE, answer, refusal, sent
from kit.api.validation import checked
from kit.text.serializers import CountryField, LineField, NameField, ParagraphsField
from kit.web.versions import IF_MATCH, entity_tag, sent_tags, telling_the_current

TAGS = ["Operators: pick-up stations"]
KEPT: dict[str, Any] = {**STATION, "is_open": True}
NONE = refusal("There is no such station.", StationNotFoundError)
WHY = "Agreed with the operator of the place."


class OperatorStationOutput(StationOutput):
    """A station, open or closed."""

    is_open = serializers.BooleanField()


class OperatorStationPageOutput(PageOutput):
    """A page of stations."""

    results = OperatorStationOutput(many=True)


class NewStationInput(ReasonInput):
    """A station, and why."""

    name = NameField(max_length=80)
    address = NameField(max_length=200)
    town = NameField(max_length=100)
    subdivision = LineField(
        max_length=100,
        required=False,
        allow_blank=True,
        help_text="ISO 3166-2 code, or the name.",
    )
    country = CountryField()
    opening_hours = ParagraphsField(max_length=300)
    is_open = serializers.BooleanField(required=False)


class StationPatch(NewStationInput):
    """Changes of a station, and why; fields that are left out are kept."""

    name = NameField(max_length=80, required=False)
    address = NameField(max_length=200, required=False)
    town = NameField(max_length=100, required=False)
    country = CountryField(required=False)
    opening_hours = ParagraphsField(max_length=300, required=False)


class OperatorStationListApi(OperatorApi):
    """The stations."""

    query_class = PageQuery

    @extend_schema(
        operation_id="operator_stations_list",
        summary="List pick-up stations",
        tags=TAGS,
        responses={200: OperatorStationPageOutput},
        examples=[answer("One", {"count": 1, "next": None, "previous": None, "results": [KEPT]})],
    )
    def get(self, request: Request) -> Response:
        """Return the stations by place, closed ones too."""
        found, window = stations(), asked_window(request)
        shown = found[window.offset : window.offset + window.size]
        results = OperatorStationOutput(shown, many=True).data
        return Response(page_body(request, count=found.count(), results=results))

    @takes_key()
    @extend_schema(
        operation_id="operator_station_create",
        summary="Add a pick-up station",
        tags=TAGS,
        request=NewStationInput,
        responses={201: OperatorStationOutput, 400: INVALID},
        examples=[
            sent("A station", {**{name: value for name, value in STATION.items() if name != "id"}, "reason": WHY}),
            answer("The station", KEPT, status=201),
        ],
    )
    def post(self, request: Request) -> Response:
        """Add a station; buyers may choose it where a shop delivers to stations in its place."""
        asked = checked(NewStationInput, request.data)
        reason = asked.pop("reason")
        added = add_station(
            data=StationInput(**asked), actor_id=signed_in_user(request).pk, reason=reason, now=timezone.now()
        )
        answered = _answer(added, status=HTTPStatus.CREATED)
        answered["Location"] = f"{request.path}{added.pk}/"
        return answered


class OperatorStationApi(OperatorApi):
    """One station."""

    @extend_schema(
        operation_id="operator_station_read",
        summary="Read a pick-up station",
        tags=TAGS,
        responses={200: OperatorStationOutput, 404: NONE},
        examples=[answer("The station", KEPT)],
    )
    def get(self, _request: Request, station_id: UUID) -> Response:
        """Return a station."""
        return _answer(get_station(station_id=station_id))

    @extend_schema(
        operation_id="operator_station_update",
        summary="Change, close or open a pick-up station",
        tags=TAGS,
        request=StationPatch,
        parameters=[IF_MATCH],
        responses={200: OperatorStationOutput, 400: INVALID, 404: NONE, 412: CHANGED_MEANWHILE},
        examples=[
            sent("Close it", {"is_open": False, "reason": "The shop beside it has moved out."}),
            answer("The station", {**KEPT, "is_open": False}),
        ],
    )
    def patch(self, request: Request, station_id: UUID) -> Response:
        """Change the fields that are sent. A closed station takes no new orders; those that are placed go on."""
        asked = checked(StationPatch, request.data)
        reason = asked.pop("reason")
        with telling_the_current(lambda: OperatorStationOutput(get_station(station_id=station_id)).data):
            changed = change_station(
                station_id=station_id,
                revise=lambda current: replace(current, **asked),
                actor_id=signed_in_user(request).pk,
                reason=reason,
                now=timezone.now(),
                seen=sent_tags(request),
            )
        return _answer(changed)


def _answer(station: Station, *, status: int = HTTPStatus.OK) -> Response:
    headers = {"ETag": entity_tag(station_version(station))}
    return Response(OperatorStationOutput(station).data, status=status, headers=headers)
