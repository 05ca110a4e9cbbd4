"""A product's sale with a waiting room over the shop's API."""

from http import HTTPStatus
from typing import Any, ClassVar
from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from catalogue.capabilities import MANAGE_PRODUCTS, VIEW_PRODUCTS
from catalogue.errors import ProductNotFoundError
from catalogue.selectors.products import get_product
from checkout.errors import NoWaitingRoomError
from checkout.models import OpenedBy
from checkout.waiting_room.open_rooms import MOST_PER_MINUTE, end_room, open_room
from checkout.waiting_room.planned import planned_room
from kit.api.input import InputSerializer
from kit.api.moments import MomentField
from kit.api.openapi import INVALID
from kit.api.refusals import answer, refusals, sent
from kit.api.validation import checked
from vendors.access import StaffApi, shop_of

TAGS = ["Products"]
SALE = {"opens_at": "2025-11-28T08:00:00.000Z", "closes_at": "2025-11-28T20:00:00.000Z", "per_minute": 600}
REFUSALS = refusals(ProductNotFoundError, NoWaitingRoomError)


class WaitingRoomInput(InputSerializer):
    """Times of a sale, and the number of buyers let in each minute."""

    opens_at = MomentField(help_text="When buyers are let in; they may queue from 15 minutes before.")
    closes_at = MomentField(help_text="At most two days later.")
    per_minute = serializers.IntegerField(
        required=False,
        allow_null=True,
        default=None,
        min_value=1,
        max_value=MOST_PER_MINUTE,
        help_text="Null or left out: as many as the market serves well.",
    )


class WaitingRoomOutput(serializers.Serializer[Any]):
    """A product's waiting room: over, open or to come."""

    opens_at = serializers.DateTimeField()
    closes_at = serializers.DateTimeField()
    per_minute = serializers.IntegerField()
    opened_by = serializers.ChoiceField(choices=OpenedBy.choices, help_text="load: the market did, for a rush.")


class ProductWaitingRoomApi(StaffApi):
    """The waiting room of a product."""

    capabilities: ClassVar = {"GET": VIEW_PRODUCTS, "PUT": MANAGE_PRODUCTS, "DELETE": MANAGE_PRODUCTS}

    @extend_schema(
        operation_id="waiting_room_read",
        summary="Read a product's waiting room",
        tags=TAGS,
        responses={200: WaitingRoomOutput, **REFUSALS},
        examples=[answer("A sale", {**SALE, "opened_by": "shop"})],
    )
    def get(self, request: Request, product_id: UUID) -> Response:
        """Return the times of a product's sale with a waiting room."""
        get_product(shop=shop_of(request), product_id=product_id)
        return Response(WaitingRoomOutput(planned_room(listing_id=product_id)).data)

    @extend_schema(
        operation_id="waiting_room_set",
        summary="Plan a product's waiting room",
        tags=TAGS,
        request=WaitingRoomInput,
        responses={200: WaitingRoomOutput, 400: INVALID, **REFUSALS},
        examples=[sent("A sale", SALE), answer("A sale", {**SALE, "opened_by": "shop"})],
    )
    def put(self, request: Request, product_id: UUID) -> Response:
        """Sell a product in the order of arrival from one time to another; the plan before is replaced."""
        asked = checked(WaitingRoomInput, request.data)
        get_product(shop=shop_of(request), product_id=product_id)
        room = open_room(shop=shop_of(request), listing_id=product_id, now=timezone.now(), **asked)
        return Response(WaitingRoomOutput(room).data)

    @extend_schema(
        operation_id="waiting_room_end",
        summary="End a product's waiting room",
        tags=TAGS,
        responses={204: None, **refusals(ProductNotFoundError)},
    )
    def delete(self, request: Request, product_id: UUID) -> Response:
        """Sell a product without a waiting room from now on."""
        get_product(shop=shop_of(request), product_id=product_id)
        end_room(shop=shop_of(request), listing_id=product_id)
        return Response(status=HTTPStatus.NO_CONTENT)
