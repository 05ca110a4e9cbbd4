"""The page of a product's waiting room: a place in it, how long it takes, and the way on when it is one's turn."""

import logging
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views import View

from catalogue.discovery.gates import Gate
from catalogue.discovery.selectors.listings import get_listing
from checkout.cart.identity import cart_of, remember
from checkout.errors import WaitingRoomCrowdedError, WaitingRoomDownError
from checkout.waiting_room.queue import Place, State, enter, look
from checkout.waiting_room.rooms import QUEUES_BEFORE, Room, room_of
from kit.api.throttling import throttled
from kit.errors import DomainError
from kit.web.callers import network_of
from kit.web.headers import asks_for_fragment
from kit.web.not_found import or_404

logger = logging.getLogger(__name__)
SOONEST, LATEST = 3, 20  # seconds until the page asks again


class WaitingRoomView(View):
    """A buyer's place, looked at again and again; a press of the button takes one."""

    def get(self, request: HttpRequest, listing_id: UUID) -> HttpResponse:
        now = timezone.now()
        room = room_of(listing_id, now=now)
        if room is None:
            or_404(get_listing, listing_id=listing_id)
            return redirect("discovery:product", listing_id)
        cart, token = cart_of(request)
        try:
            response = _page(request, room, look(room, owner=cart.owner, now=now))
        except WaitingRoomDownError as error:
            return _page(request, room, None, refusal=error)
        remember(response, token)
        return response

    @throttled("waiting-room")
    def post(self, request: HttpRequest, listing_id: UUID) -> HttpResponse:
        now = timezone.now()
        room = room_of(listing_id, now=now)
        if room is None or not room.is_on(now):
            return redirect("checkout:waiting-room", listing_id)
        cart, token = cart_of(request)
        try:
            enter(room, owner=cart.owner, network=network_of(request), now=now)
        except (WaitingRoomCrowdedError, WaitingRoomDownError) as error:
            return _page(request, room, None, refusal=error)
        response = redirect("checkout:waiting-room", listing_id)
        remember(response, token)
        return response


def waiting_gate(request: HttpRequest, listing_id: UUID) -> Gate | None:
    """Return the gate of a product with a waiting room: closed to all whose turn it is not.

    While Redis does not answer, the button stays; putting the product in a basket says what to do.
    """
    now = timezone.now()
    room = room_of(listing_id, now=now)
    if room is None:
        return None
    try:
        place = look(room, owner=cart_of(request)[0].owner, now=now)
    except WaitingRoomDownError:
        logger.warning("Redis is down; a product's page is shown without its waiting room.")
        return None
    context = {"place": place, "room": room, "queues_from": room.opens_at - QUEUES_BEFORE}
    is_closed = room.is_on(now) and not place.is_let_in
    return Gate("checkout/_waiting_gate.html", is_closed, context)


def _page(request: HttpRequest, room: Room, place: Place | None, *, refusal: DomainError | None = None) -> HttpResponse:
    """Show the page; the place alone where the page asks again: thousands do, so the database is not asked."""
    waits = place.wait_seconds if place else 0
    context = {
        "room": room,
        "place": place,
        "refusal": refusal.message if refusal else "",
        "has_begun": room.opens_at <= timezone.now(),
        "queues_from": room.opens_at - QUEUES_BEFORE,
        "wait_minutes": -(-waits // 60),
        "again_in": min(LATEST, max(SOONEST, waits // 4)),
        "asks_again": place is None or place.state in {State.WAITING, State.SOLD_OUT},
    }
    status = refusal.status if refusal else 200
    if asks_for_fragment(request):
        return render(request, "checkout/_waiting_place.html", context)
    listing = or_404(get_listing, listing_id=room.listing_id)
    return render(request, "checkout/waiting_room.html", context | {"listing": listing}, status=status)
