"""A shop's returns over the API."""

from typing import Any, ClassVar
from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.access import signed_in_user
from checkout.api import return_examples as examples
from checkout.capabilities import REFUND_ORDERS, VIEW_ORDERS
from checkout.models import ReturnStatus, ReversedBy
from checkout.photos.keeping import photo_response
from checkout.returning.decide_return import move_return
from checkout.returning.moves import Move
from checkout.returning.receive_return import Receipt, receive_return
from checkout.returning.selectors import get_shop_return, photo_of_shop, read_shop_returns
from checkout.reversals.reverse import Actor
from checkout.serializers.returns import (
    AcceptInput,
    ReceiveInput,
    RefuseInput,
    ReturnFeedOutput,
    ReturnOutput,
    WordInput,
    units_of_lines,
)
from kit.api.idempotent import takes_key
from kit.api.input import FeedQuery, query_of
from kit.api.lists import feed_body, feed_place
from kit.api.openapi import INVALID
from kit.api.private_files import LOCATION
from kit.api.refusals import answer, sent
from kit.api.validation import checked
from vendors.access import StaffApi, shop_of

TAGS = ["Returns"]
CONTEXT = {"side": ReversedBy.SHOP}


class ReturnsQuery(FeedQuery):
    """Filter of returns."""

    status = serializers.ChoiceField(required=False, default="", choices=ReturnStatus.choices)


class ReturnListApi(StaffApi):
    """The shop's returns."""

    query_class = ReturnsQuery
    capabilities: ClassVar = {"GET": VIEW_ORDERS}

    @extend_schema(
        operation_id="returns_list",
        summary="List returns",
        tags=TAGS,
        responses={200: ReturnFeedOutput, 400: INVALID},
        examples=[answer("One", {"next": None, "previous": None, "results": [examples.SHOPS]})],
    )
    def get(self, request: Request) -> Response:
        """Return the shop's returns, the newest first."""
        found = read_shop_returns(
            shop_id=shop_of(request).pk, status=query_of(request)["status"], **feed_place(request)
        )
        results = ReturnOutput(found.rows, many=True, context=CONTEXT).data
        return Response(feed_body(request, found, results=results))


class ReturnApi(StaffApi):
    """One return."""

    capabilities: ClassVar = {"GET": VIEW_ORDERS}

    @extend_schema(
        operation_id="return_read",
        summary="Read a return",
        tags=TAGS,
        responses={200: ReturnOutput, 404: examples.NO_RETURN},
        examples=[answer("The return", examples.SHOPS)],
    )
    def get(self, request: Request, return_id: UUID) -> Response:
        """Return a return with its history, and the moves that the shop can make now."""
        return Response(_shown(request, return_id))


class _MoveApi(StaffApi):
    """A move of the shop."""

    capabilities: ClassVar = {"POST": REFUND_ORDERS}

    def _move(self, request: Request, return_id: UUID, move: Move, **words: Any) -> Any:
        get_shop_return(shop_id=shop_of(request).pk, return_id=return_id)
        move_return(
            return_id=return_id,
            move=move,
            by=Actor(ReversedBy.SHOP, signed_in_user(request).pk),
            now=timezone.now(),
            **words,
        )
        return Response(_shown(request, return_id))


class ReturnAcceptApi(_MoveApi):
    """Accepting a return."""

    @takes_key()
    @extend_schema(
        operation_id="return_accept",
        summary="Accept a return",
        tags=TAGS,
        request=AcceptInput,
        responses={200: ReturnOutput, 400: INVALID, **examples.ACCEPT_REFUSALS},
        examples=[
            sent("Where to", {"instructions": "Hand it in at 12 Bode Thomas St, with the packing slip."}),
            answer("The return", {**examples.SHOPS, "status": "accepted", "allowed_moves": ["receive"]}),
        ],
    )
    def post(self, request: Request, return_id: UUID) -> Response:
        """Accept a return, and say where and how it is handed in; its buyer gets a letter.

        What its buyer wants instead is reserved. Where it is gone the answer is `replacement_gone`, and nothing has
        changed: `refunds_instead` accepts the return for money.
        """
        asked = checked(AcceptInput, request.data)
        answered: Response = self._move(
            request,
            return_id,
            Move.ACCEPT,
            instructions=asked.get("instructions", ""),
            refunds_instead=asked["refunds_instead"],
        )
        return answered


class ReturnRefuseApi(_MoveApi):
    """Refusing a return."""

    @takes_key()
    @extend_schema(
        operation_id="return_refuse",
        summary="Refuse a return",
        tags=TAGS,
        request=RefuseInput,
        responses={200: ReturnOutput, 400: INVALID, **examples.SHOP_REFUSALS},
        examples=[
            sent("Why", {"reason": "It was worn."}),
            answer("The return", {**examples.SHOPS, "status": "refused", "allowed_moves": ["accept"]}),
        ],
    )
    def post(self, request: Request, return_id: UUID) -> Response:
        """Refuse a return; its buyer reads the reason, and can ask the market to decide."""
        answered: Response = self._move(
            request, return_id, Move.REFUSE, text=checked(RefuseInput, request.data)["reason"]
        )
        return answered


class ReturnAskApi(_MoveApi):
    """Asking a buyer about a return."""

    @takes_key()
    @extend_schema(
        operation_id="return_ask",
        summary="Ask a buyer about a return",
        tags=TAGS,
        request=WordInput,
        responses={200: ReturnOutput, 400: INVALID, **examples.SHOP_REFUSALS},
        examples=[
            sent("A question", {"message": "Which seam is open?"}),
            answer("The return", {**examples.SHOPS, "status": "asked", "allowed_moves": ["accept", "refuse"]}),
        ],
    )
    def post(self, request: Request, return_id: UUID) -> Response:
        """Ask for more before you decide."""
        answered: Response = self._move(request, return_id, Move.ASK, text=checked(WordInput, request.data)["message"])
        return answered


class ReturnReceiveApi(StaffApi):
    """Receiving a return."""

    capabilities: ClassVar = {"POST": REFUND_ORDERS}

    @takes_key()
    @extend_schema(
        operation_id="return_receive",
        summary="Record that a return has arrived",
        tags=TAGS,
        request=ReceiveInput,
        responses={200: ReturnOutput, 400: INVALID, **examples.RECEIVE_REFUSALS},
        examples=[
            examples.RECEIVE,
            answer("The return", {**examples.SHOPS, "status": "received", "refund_minor": 1_900_000}),
        ],
    )
    def post(self, request: Request, return_id: UUID) -> Response:
        """Take the units back: on the shelf, but for those written off; the buyer is refunded at once.

        Their items and tax go back, and of the delivery what you choose. An exchange is paid with that money: it is an
        order of its own, to be sent at once, or as soon as its buyer has paid the difference.
        """
        shop, asked = shop_of(request), checked(ReceiveInput, request.data)
        get_shop_return(shop_id=shop.pk, return_id=return_id)
        receipt = Receipt(
            return_id=return_id,
            by=Actor(ReversedBy.SHOP, signed_in_user(request).pk),
            written_off=units_of_lines(asked.get("written_off")),
            delivery_minor=asked.get("delivery_minor") or 0,
            text=asked["message"],
        )
        receive_return(receipt, now=timezone.now())
        return Response(_shown(request, return_id))


class ReturnPhotoApi(StaffApi):
    """A photo of a return."""

    capabilities: ClassVar = {"GET": VIEW_ORDERS}

    @extend_schema(
        operation_id="return_photo_read",
        summary="Fetch a photo of a return",
        tags=TAGS,
        parameters=[LOCATION],
        responses={**examples.PHOTO_FILE, 404: examples.NO_RETURN},
    )
    def get(self, request: Request, photo_id: UUID) -> Any:
        """Return the picture."""
        return photo_response(photo_of_shop(shop_id=shop_of(request).pk, photo_id=photo_id))


def _shown(request: Request, return_id: UUID) -> Any:
    return ReturnOutput(get_shop_return(shop_id=shop_of(request).pk, return_id=return_id), context=CONTEXT).data
