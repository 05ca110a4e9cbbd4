"""Delivery zones over the API."""

from typing import Any, ClassVar
from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.access import signed_in_user
from checkout.errors import DeliveryZoneNotFoundError, LastZoneError, TooManyZonesError
from checkout.fulfilment.services.zones import Zone, read_zones
from checkout.zones.change_zones import add_zone, change_zone, find_zone, remove_zone, zone_version
from kit.api.envelope import located
from kit.api.idempotent import takes_key
from kit.api.refusals import CHANGED_MEANWHILE, answer, refusal, sent
from kit.web.versions import IF_MATCH, entity_tag, sent_tags, telling_the_current
from tenants.capabilities import MANAGE_PROFILE, VIEW_DASHBOARD
from vendors.access import StaffApi, shop_of
from vendors.serializers.delivery_zones import ZoneChange, ZoneInput, ZoneOutput
from vendors.services.delivery_zones import SentChanges, new_zone

TAGS = ["Delivery zones"]
RIDER: dict[str, Any] = {
    "id": "0199f2c1-7c1e-7a53-b1de-3f2a9a1c5e01",
    "name": "Rider",
    "kind": "flat",
    "price_minor": 120_000,
    "bands": [],
    "free_from_minor": 5_000_000,
    "handling_days": 1,
    "transit_least_days": 0,
    "transit_most_days": 1,
    "details": "",
    "from_subdivision": "",
    "from_town": "",
}
ZONE: dict[str, Any] = {
    "id": "0199f2c1-7c1e-7a53-b1de-3f2a9a1c5e00",
    "name": "Lagos",
    "country": "NG",
    "subdivisions": ["NG-LA"],
    "towns": [],
    "methods": [RIDER],
    "version": '"5f1d7a84db00e2f0a4c7"',
}
NEW: dict[str, Any] = {
    "name": "Lagos",
    "country": "NG",
    "subdivisions": ["NG-LA"],
    "methods": [{name: value for name, value in RIDER.items() if name != "id"}],
}
NO_ZONE = refusal("The shop has no such zone.", DeliveryZoneNotFoundError)


class DeliveryZoneListApi(StaffApi):
    """All of them."""

    capabilities: ClassVar = {"GET": VIEW_DASHBOARD, "POST": MANAGE_PROFILE}

    @extend_schema(
        operation_id="delivery_zones_list",
        summary="List your delivery zones",
        tags=TAGS,
        responses=ZoneOutput(many=True),
        examples=[answer("One zone", [ZONE])],
    )
    def get(self, request: Request) -> Response:
        """Return the shop's zones with their methods; a shop that has set none has one: everywhere, at one rate.

        An address belongs to the zone that names it most closely: by its town, else by its subdivision, else by its
        country, else everywhere. Where no zone covers it, the shop doesn't deliver there.
        """
        return Response(ZoneOutput(read_zones(schema_name=shop_of(request).schema_name), many=True).data)

    @takes_key()
    @extend_schema(
        operation_id="delivery_zone_create",
        summary="Add a delivery zone",
        tags=TAGS,
        request=ZoneInput,
        responses={201: ZoneOutput, 409: refusal("There is no room for more.", TooManyZonesError)},
        examples=[sent("A rider in Lagos", NEW), answer("The zone", ZONE, status=201)],
    )
    def post(self, request: Request) -> Response:
        """Add a zone with its methods. It is refused where another zone of the same level covers a part of it.

        Faults of methods are in `errors.methods`, by place in what was sent.
        """
        data = ZoneInput(data=request.data)
        data.is_valid(raise_exception=True)
        zone = add_zone(
            shop=shop_of(request),
            zone=new_zone(data.validated_data),
            actor_id=signed_in_user(request).pk,
            now=timezone.now(),
        )
        return _answer(zone, status=201, headers=located(f"{request.path}{zone.id}/"))


class DeliveryZoneApi(StaffApi):
    """One of them."""

    capabilities: ClassVar = {"GET": VIEW_DASHBOARD, "PATCH": MANAGE_PROFILE, "DELETE": MANAGE_PROFILE}

    @extend_schema(
        operation_id="delivery_zone_read",
        summary="Read a delivery zone",
        tags=TAGS,
        responses={200: ZoneOutput, 404: NO_ZONE},
        examples=[answer("The zone", ZONE)],
    )
    def get(self, request: Request, zone_id: UUID) -> Response:
        """Return a zone with its methods."""
        return _answer(_find(request, zone_id))

    @extend_schema(
        operation_id="delivery_zone_update",
        summary="Change a delivery zone",
        tags=TAGS,
        request=ZoneChange,
        parameters=[IF_MATCH],
        responses={200: ZoneOutput, 404: NO_ZONE, 412: CHANGED_MEANWHILE},
        examples=[
            sent("Another price", {"methods": [{"id": RIDER["id"], "price_minor": 150_000}]}),
            answer("The zone", ZONE),
        ],
    )
    def patch(self, request: Request, zone_id: UUID) -> Response:
        """Change the fields that are sent. Methods are named by `id`; others are new, none goes by itself.

        Faults of methods are in `errors.methods`, by place in what was sent.
        """
        data = ZoneChange(data=request.data)
        data.is_valid(raise_exception=True)
        changes = SentChanges(data.validated_data)
        with telling_the_current(lambda: ZoneOutput(_find(request, zone_id)).data), changes.naming_places_as_sent():
            zone = change_zone(
                shop=shop_of(request),
                zone_id=zone_id,
                revise=changes.revise,
                actor_id=signed_in_user(request).pk,
                now=timezone.now(),
                seen=sent_tags(request),
            )
        return _answer(zone)

    @extend_schema(
        operation_id="delivery_zone_delete",
        summary="Remove a delivery zone",
        tags=TAGS,
        parameters=[IF_MATCH],
        responses={
            204: None,
            404: NO_ZONE,
            409: refusal("It is the only one.", LastZoneError),
            412: CHANGED_MEANWHILE,
        },
    )
    def delete(self, request: Request, zone_id: UUID) -> Response:
        """Remove a zone with its methods; orders keep what they were placed with."""
        with telling_the_current(lambda: ZoneOutput(_find(request, zone_id)).data):
            remove_zone(
                shop=shop_of(request),
                zone_id=zone_id,
                actor_id=signed_in_user(request).pk,
                now=timezone.now(),
                seen=sent_tags(request),
            )
        return Response(status=204)


def _find(request: Request, zone_id: UUID) -> Zone:
    return find_zone(read_zones(schema_name=shop_of(request).schema_name), zone_id)


def _answer(zone: Zone, *, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    tag = {"ETag": entity_tag(zone_version(zone))}
    return Response(ZoneOutput(zone).data, status=status, headers={**tag, **(headers or {})})
