"""A buyer's returns over the API."""

from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from checkout.api import return_examples as examples
from checkout.api.examples import CART_TOKEN, ORDER_KEY
from checkout.api.orders import OneOrderApi, order_holder
from checkout.errors import SeveralShopsError
from checkout.models import Return, ReversedBy
from checkout.photos.keeping import photo_response
from checkout.returning.ask_return import ReturnRequest, ask_return
from checkout.returning.decide_return import move_return
from checkout.returning.moves import Move
from checkout.returning.photos import add_photo
from checkout.returning.selectors import photo_of_order, return_of_order
from checkout.reversals.choosing import choose_units
from checkout.reversals.reverse import Actor
from checkout.serializers.photos import PhotoInput
from checkout.serializers.returns import (
    AskReturnInput,
    ReturnOutput,
    ReturnPhotoOutput,
    WordInput,
    units_of_lines,
    wanted_of_lines,
)
from kit.api.bodies import without_body
from kit.api.envelope import located
from kit.api.idempotent import takes_key
from kit.api.openapi import INVALID
from kit.api.private_files import LOCATION
from kit.api.refusals import answer, sent
from kit.api.validation import checked

TAGS = ["Returns"]
HOLDER = [ORDER_KEY, CART_TOKEN]


class OrderReturnListApi(OneOrderApi):
    """Returns of an order."""

    @takes_key(guest=order_holder)
    @extend_schema(
        operation_id="order_return_create",
        summary="Ask a shop to take items back",
        tags=TAGS,
        parameters=HOLDER,
        request=AskReturnInput,
        responses={201: ReturnOutput, 400: INVALID, **examples.ASK_REFUSALS},
        examples=[examples.ASK, examples.ASK_EXCHANGE, answer("The return", examples.RETURN, status=201)],
    )
    def post(self, request: Request, number: str) -> Response:
        """Ask one shop to take delivered units back, within its days for returns.

        A line may name another variant of its product that is wanted instead of money (`exchange_variant_id`): the shop
        keeps it in stock when it accepts, and sends it when the items have arrived. A dearer one is sent once the
        difference is paid, of a cheaper one the difference goes back.

        The shop accepts, refuses, or asks; read the order's `returns`, and the moves that are open to the caller in
        `allowed_moves`. Photos are sent before, one by one, with `POST /orders/{number}/return-photos/`.
        """
        order, asked = self.order_of(request, number), checked(AskReturnInput, request.data)
        units = choose_units(list(order.sub_orders.all()), lines=units_of_lines(asked["lines"]).items())
        if len(units) != 1:
            raise SeveralShopsError
        [(part_id, chosen)] = units.items()
        asked_for = ReturnRequest(
            part=next(part for part in order.sub_orders.all() if part.pk == part_id),
            units=chosen,
            reason=asked["reason"],
            note=asked.get("note", ""),
            photos=asked.get("photos") or (),
            wanted=wanted_of_lines(asked["lines"]),
        )
        found = ask_return(asked_for, now=timezone.now())
        body = _shown(return_of_order(order, return_id=found.pk))
        return Response(body, status=HTTPStatus.CREATED, headers=located(f"{request.path}{found.pk}/"))


class OrderReturnApi(OneOrderApi):
    """One return."""

    @extend_schema(
        operation_id="order_return_read",
        summary="Read a return",
        tags=TAGS,
        parameters=HOLDER,
        responses={200: ReturnOutput, 404: examples.NO_RETURN},
        examples=[answer("The return", examples.RETURN)],
    )
    def get(self, request: Request, number: str, return_id: UUID) -> Response:
        """Return one of the order's returns."""
        return Response(_shown(return_of_order(self.order_of(request, number), return_id=return_id)))


class _MoveApi(OneOrderApi):
    """A move of the buyer."""

    def _move(self, request: Request, number: str, return_id: UUID, move: Move) -> Response:
        order = self.order_of(request, number)
        return_of_order(order, return_id=return_id)
        text = "" if move == Move.CANCEL else checked(WordInput, request.data)["message"]
        by = Actor(ReversedBy.BUYER, request.user.pk)
        move_return(return_id=return_id, move=move, by=by, text=text, now=timezone.now())
        return Response(_shown(return_of_order(order, return_id=return_id)))


class OrderReturnCancelApi(_MoveApi):
    """Withdrawing a return."""

    @takes_key(guest=order_holder)
    @without_body
    @extend_schema(
        operation_id="order_return_cancel",
        summary="Withdraw a return",
        tags=TAGS,
        parameters=HOLDER,
        responses={200: ReturnOutput, **examples.MOVE_REFUSALS},
        examples=[answer("The return", {**examples.RETURN, "status": "cancelled", "allowed_moves": []})],
    )
    def post(self, request: Request, number: str, return_id: UUID) -> Response:
        """Withdraw a return that has not been received: the items stay with the buyer."""
        return self._move(request, number, return_id, Move.CANCEL)


class OrderReturnReplyApi(_MoveApi):
    """Answering a shop's question."""

    @takes_key(guest=order_holder)
    @extend_schema(
        operation_id="order_return_reply",
        summary="Answer a shop's question about a return",
        tags=TAGS,
        parameters=HOLDER,
        request=WordInput,
        responses={200: ReturnOutput, 400: INVALID, **examples.MOVE_REFUSALS},
        examples=[sent("An answer", {"message": "The left seam."}), answer("The return", examples.RETURN)],
    )
    def post(self, request: Request, number: str, return_id: UUID) -> Response:
        """Send the answer to a shop's question; the shop decides then."""
        return self._move(request, number, return_id, Move.REPLY)


class OrderReturnEscalateApi(_MoveApi):
    """Asking the market to decide."""

    @takes_key(guest=order_holder)
    @extend_schema(
        operation_id="order_return_escalate",
        summary="Ask the market to decide about a return",
        tags=TAGS,
        parameters=HOLDER,
        request=WordInput,
        responses={200: ReturnOutput, 400: INVALID, **examples.ESCALATE_REFUSALS},
        examples=[
            sent("Why", {"message": "It was torn when it came."}),
            answer("The return", {**examples.RETURN, "status": "escalated"}),
        ],
    )
    def post(self, request: Request, number: str, return_id: UUID) -> Response:
        """Ask an operator to decide: of a return that the shop has refused, or has not answered in its days."""
        return self._move(request, number, return_id, Move.ESCALATE)


class ReturnPhotoListApi(OneOrderApi):
    """Photos for returns of an order."""

    parser_classes = (MultiPartParser,)

    @takes_key(guest=order_holder)
    @extend_schema(
        operation_id="return_photo_create",
        summary="Send a photo for a return",
        tags=TAGS,
        parameters=HOLDER,
        request={"multipart/form-data": PhotoInput},
        responses={201: ReturnPhotoOutput, 400: INVALID, **examples.PHOTO_REFUSALS},
        examples=[answer("The photo", {"id": examples.PHOTO_ID}, status=201)],
    )
    def post(self, request: Request, number: str) -> Response:
        """Send a photo, to be named in a return: its buyer, the shop and operators can see it, and no other person."""
        order = self.order_of(request, number)
        data = PhotoInput(data=request.data)
        data.is_valid(raise_exception=True)
        photo = add_photo(order=order, upload=data.validated_data["image"], now=timezone.now())
        headers = located(f"{request.path}{photo.pk}/")
        return Response(ReturnPhotoOutput(photo).data, status=HTTPStatus.CREATED, headers=headers)


class ReturnPhotoApi(OneOrderApi):
    """One photo."""

    @extend_schema(
        operation_id="return_photo_read",
        summary="Fetch a photo of a return",
        tags=TAGS,
        parameters=[*HOLDER, LOCATION],
        responses={**examples.PHOTO_FILE, 404: examples.NO_RETURN},
    )
    def get(self, request: Request, number: str, photo_id: UUID) -> Any:
        """Return the picture."""
        return photo_response(photo_of_order(self.order_of(request, number), photo_id=photo_id))


def _shown(found: Return) -> Any:
    return ReturnOutput(found, context={"side": ReversedBy.BUYER}).data
