"""Waiting rooms over the API, for buyers."""

from typing import Any
from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from checkout.api.examples import CART_TOKEN, NEW_CART_TOKEN
from checkout.cart.identity import cart_of, remember
from checkout.errors import NoWaitingRoomError, WaitingRoomCrowdedError, WaitingRoomDownError
from checkout.waiting_room.queue import Place, State, enter, look
from checkout.waiting_room.rooms import QUEUES_BEFORE, Room, room_of
from kit.api.bodies import without_body
from kit.api.refusals import answer, refusals
from kit.web.callers import network_of

TAGS = ["Waiting rooms"]
PLACE: dict[str, Any] = {
    "listing_id": "0199f2c1-7c1e-7a53-b1de-3f2a9a1c5d11",
    "state": "waiting",
    "is_sold_out": False,
    "people_before": 412,
    "wait_seconds": 42,
    "queue_opens_at": "2025-11-28T07:45:00.000Z",
    "opens_at": "2025-11-28T08:00:00.000Z",
    "closes_at": "2025-11-28T20:00:00.000Z",
    "pass_ends_at": None,
}


class PlaceOutput(serializers.Serializer[Any]):
    """A buyer's place in a product's waiting room."""

    listing_id = serializers.UUIDField()
    state = serializers.ChoiceField(
        choices=[(state.value, state.value) for state in State],
        help_text="soon: no places are given yet; outside: you have none; waiting; sold_out: everything is taken at "
        "the moment, and your place is kept; let_in: put it in your cart and check out.",
    )
    is_sold_out = serializers.BooleanField(help_text="Whether everything is sold or reserved at the moment.")
    people_before = serializers.IntegerField(min_value=0, help_text="Who are let in before you.")
    wait_seconds = serializers.IntegerField(
        min_value=0, help_text="About how long, from now or from the opening on. Ask again in a quarter of it."
    )
    queue_opens_at = serializers.DateTimeField(help_text="Places are given from then on.")
    opens_at = serializers.DateTimeField()
    closes_at = serializers.DateTimeField(help_text="Everybody buys as usual from then on.")
    pass_ends_at = serializers.DateTimeField(allow_null=True, help_text="Check out before.")


class WaitingRoomApi(APIView):
    """One product's waiting room."""

    permission_classes = (AllowAny,)
    throttle_scope = "waiting-room"

    @extend_schema(
        operation_id="waiting_room_place_read",
        summary="Look at your place in a waiting room",
        tags=TAGS,
        parameters=[CART_TOKEN, NEW_CART_TOKEN],
        responses={200: PlaceOutput, **refusals(NoWaitingRoomError, WaitingRoomDownError)},
        examples=[answer("Waiting", PLACE)],
    )
    def get(self, request: Request, listing_id: UUID) -> Response:
        """Return your place, or that you have none; your cart has the place, so send its token."""
        room = _room(listing_id)
        cart, token = cart_of(request)
        return _answer(look(room, owner=cart.owner, now=timezone.now()), token)

    @without_body
    @extend_schema(
        operation_id="waiting_room_place_create",
        summary="Join the queue in a waiting room",
        tags=TAGS,
        parameters=[CART_TOKEN, NEW_CART_TOKEN],
        responses={
            200: PlaceOutput,
            **refusals(NoWaitingRoomError, WaitingRoomCrowdedError, WaitingRoomDownError),
        },
        examples=[answer("Waiting", PLACE)],
    )
    def post(self, request: Request, listing_id: UUID) -> Response:
        """Take a place, unless you have one; before places are given the answer says from when on."""
        room, now = _room(listing_id), timezone.now()
        cart, token = cart_of(request)
        if not room.is_on(now):
            return _answer(Place(room, State.SOON), token)
        return _answer(enter(room, owner=cart.owner, network=network_of(request), now=now), token)


def _room(listing_id: UUID) -> Room:
    room = room_of(listing_id, now=timezone.now())
    if room is None:
        raise NoWaitingRoomError
    return room


def _answer(place: Place, token: str | None) -> Response:
    response = Response(place_body(place))
    remember(response, token)
    return response


def place_body(place: Place) -> dict[str, Any]:
    """Return a place, as `PlaceOutput` describes it.

    By hand, since all who wait ask again and again: a serializer's fields are made anew for each answer, and cost more
    than the rest of it (docs/performance.md).
    """
    room = place.room
    return {
        "listing_id": str(room.listing_id),
        "state": place.state.value,
        "is_sold_out": room.is_out,
        "people_before": place.before,
        "wait_seconds": 0 if place.is_let_in else place.wait_seconds,
        "queue_opens_at": room.opens_at - QUEUES_BEFORE,
        "opens_at": room.opens_at,
        "closes_at": room.closes_at,
        "pass_ends_at": place.ends_at,
    }
