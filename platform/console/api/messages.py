"""Messages about any order over the operators' API."""

from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.access import signed_in_user
from checkout.api import message_examples as examples
from checkout.messaging.photos import any_photo
from checkout.messaging.selectors import get_message, message_part, named_parts, read_messages
from checkout.messaging.shown import shown_messages
from checkout.models import MessageSide
from checkout.orders.operations import get_any_order
from checkout.photos.keeping import photo_response
from checkout.serializers.messages import MarketMessageInput, MessageFeedOutput, MessageOutput, MessagesQuery
from console.access import OperatorApi
from console.services.messages import write_as_market
from kit.api.idempotent import takes_key
from kit.api.input import query_of
from kit.api.lists import feed_body, feed_place
from kit.api.openapi import INVALID
from kit.api.private_files import LOCATION
from kit.api.refusals import answer, sent
from kit.api.validation import checked

TAGS = ["Operators: messages"]


class OperatorOrderMessagesApi(OperatorApi):
    """Messages about an order."""

    query_class = MessagesQuery

    @extend_schema(
        operation_id="operator_order_messages_list",
        summary="List the messages about an order",
        tags=TAGS,
        responses={200: MessageFeedOutput, 400: INVALID, 404: examples.NO_ORDER},
        examples=[answer("One", examples.feed({**examples.MESSAGE, "author_name": "Ada Obi"}))],
    )
    def get(self, request: Request, number: str) -> Response:
        """Return the messages of buyer and shops about an order, as they were written, the newest first."""
        parts = named_parts(get_any_order(number=number), query_of(request)["sub_order"])
        found = read_messages(part_ids=[part.pk for part in parts], **feed_place(request))
        results = MessageOutput(shown_messages(found.rows, MessageSide.OPERATOR), many=True).data
        return Response(feed_body(request, found, results=results))

    @takes_key()
    @extend_schema(
        operation_id="operator_order_message_create",
        summary="Write to buyer and shop about an order",
        tags=TAGS,
        request=MarketMessageInput,
        responses={201: MessageOutput, 400: INVALID, **examples.MARKET_REFUSALS},
        examples=[
            sent("A word to both", {"text": examples.MARKETS["text"]}),
            answer("The message", examples.MARKETS, status=201),
        ],
    )
    def post(self, request: Request, number: str) -> Response:
        """Write to both sides as the market; the audit log keeps that it was done."""
        order, asked = get_any_order(number=number), checked(MarketMessageInput, request.data)
        message = write_as_market(
            part=message_part(order, asked["sub_order"]),
            number=number,
            text=asked["text"],
            actor_id=signed_in_user(request).pk,
            now=timezone.now(),
        )
        [shown] = shown_messages([get_message(message_id=message.pk)], MessageSide.OPERATOR)
        return Response(MessageOutput(shown).data, status=HTTPStatus.CREATED)


class OperatorMessagePhotoApi(OperatorApi):
    """A picture of a message."""

    @extend_schema(
        operation_id="operator_message_photo_read",
        summary="Fetch a picture of a message",
        tags=TAGS,
        parameters=[LOCATION],
        responses={**examples.PHOTO_FILE, 404: examples.NO_PHOTO},
    )
    def get(self, _request: Request, picture_id: UUID) -> Any:
        """Return the picture."""
        return photo_response(any_photo(photo_id=picture_id))
