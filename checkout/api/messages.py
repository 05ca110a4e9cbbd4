"""A buyer's messages over the API."""

from http import HTTPStatus
from typing import Any, ClassVar
from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from checkout.api import message_examples as examples
from checkout.api.examples import CART_TOKEN, ORDER_KEY
from checkout.api.orders import OneOrderApi, order_holder
from checkout.messaging.photos import add_buyers_photo, photo_of_order
from checkout.messaging.reading import mark_messages_read
from checkout.messaging.selectors import get_message, message_part, named_parts, read_messages
from checkout.messaging.sending import NewMessage, send_message
from checkout.messaging.shown import shown_messages
from checkout.models import MessageSide
from checkout.photos.keeping import photo_response
from checkout.serializers.messages import (
    MarkedMessagesOutput,
    MessageFeedOutput,
    MessageOutput,
    MessagePhotoOutput,
    MessagesQuery,
    ReadMessagesInput,
    SendMessageInput,
)
from checkout.serializers.photos import PhotoInput
from kit.api.envelope import located
from kit.api.idempotent import takes_key
from kit.api.input import query_of
from kit.api.lists import feed_body, feed_place
from kit.api.openapi import INVALID
from kit.api.private_files import LOCATION
from kit.api.refusals import answer
from kit.api.validation import checked

TAGS = ["Messages"]
HOLDER = [ORDER_KEY, CART_TOKEN]


class OrderMessageListApi(OneOrderApi):
    """Messages between a buyer and the shops of an order."""

    query_class = MessagesQuery
    throttle_scope = "messages"
    throttled_methods: ClassVar = {"POST"}

    @extend_schema(
        operation_id="order_messages_list",
        summary="List the messages about an order",
        tags=TAGS,
        parameters=HOLDER,
        responses={200: MessageFeedOutput, 400: INVALID, 404: examples.NO_ORDER},
        examples=[answer("One", examples.feed(examples.MESSAGE))],
    )
    def get(self, request: Request, number: str) -> Response:
        """Return the messages about an order, or one shop's part of it (`sub_order`), the newest first.

        Reading does not mark as read: `POST /orders/{number}/messages/read/` does. Until the order is paid, e-mail
        addresses, phone numbers and links to other sites in the shop's messages are hidden (`is_masked`).
        """
        parts = named_parts(self.order_of(request, number), query_of(request)["sub_order"])
        found = read_messages(part_ids=[part.pk for part in parts], **feed_place(request))
        results = MessageOutput(shown_messages(found.rows, MessageSide.BUYER), many=True).data
        return Response(feed_body(request, found, results=results))

    @takes_key(guest=order_holder)
    @extend_schema(
        operation_id="order_message_create",
        summary="Write to a shop about an order",
        tags=TAGS,
        parameters=HOLDER,
        request=SendMessageInput,
        responses={201: MessageOutput, 400: INVALID, **examples.SEND_REFUSALS},
        examples=[examples.ASK, examples.SENT],
    )
    def post(self, request: Request, number: str) -> Response:
        """Write to one shop about its part of the order; `sub_order` names the part where the order has several.

        The shop's staff read it at once on their dashboard, and get a letter if it stays unread. Until the order is
        paid, contact details in it are hidden from the shop. Pictures are sent before, one by one, with
        `POST /orders/{number}/message-photos/`.
        """
        order, asked = self.order_of(request, number), checked(SendMessageInput, request.data)
        part = message_part(order, asked["sub_order"])
        photos = asked.get("photos") or ()
        new = NewMessage(part, MessageSide.BUYER, request.user.pk, asked["text"], photos)
        message = send_message(new, now=timezone.now())
        return Response(_shown(message.pk), status=HTTPStatus.CREATED)


class OrderMessagesReadApi(OneOrderApi):
    """Marking messages as read."""

    @extend_schema(
        operation_id="order_messages_mark_read",
        summary="Mark the messages about an order as read",
        tags=TAGS,
        parameters=HOLDER,
        request=ReadMessagesInput,
        responses={200: MarkedMessagesOutput, 400: INVALID, 404: examples.NO_ORDER},
        examples=[examples.SEEN, examples.MARKED],
    )
    def post(self, request: Request, number: str) -> Response:
        """Mark the shops' messages as read: all of them, one part's, or up to the last message that was shown."""
        order, asked = self.order_of(request, number), checked(ReadMessagesInput, request.data)
        marked = mark_messages_read(
            parts=named_parts(order, asked["sub_order"]),
            side=MessageSide.BUYER,
            user_id=request.user.pk,
            now=timezone.now(),
            until=asked.get("last_message_id"),
        )
        return Response({"marked": marked})


class MessagePhotoListApi(OneOrderApi):
    """Pictures for messages about an order."""

    parser_classes = (MultiPartParser,)
    throttle_scope = "messages"

    @takes_key(guest=order_holder)
    @extend_schema(
        operation_id="message_photo_create",
        summary="Send a picture for a message",
        tags=TAGS,
        parameters=HOLDER,
        request={"multipart/form-data": PhotoInput},
        responses={201: MessagePhotoOutput, 400: INVALID, **examples.PHOTO_REFUSALS},
        examples=[answer("The picture", {"id": examples.PHOTO_ID}, status=201)],
    )
    def post(self, request: Request, number: str) -> Response:
        """Send a picture, to be named in a message: its buyer, the shop and operators can see it then."""
        order = self.order_of(request, number)
        data = PhotoInput(data=request.data)
        data.is_valid(raise_exception=True)
        photo = add_buyers_photo(order=order, upload=data.validated_data["image"], now=timezone.now())
        headers = located(f"{request.path}{photo.pk}/")
        return Response(MessagePhotoOutput(photo).data, status=HTTPStatus.CREATED, headers=headers)


class MessagePhotoApi(OneOrderApi):
    """One picture."""

    @extend_schema(
        operation_id="message_photo_read",
        summary="Fetch a picture of a message",
        tags=TAGS,
        parameters=[*HOLDER, LOCATION],
        responses={**examples.PHOTO_FILE, 404: examples.NO_PHOTO},
    )
    def get(self, request: Request, number: str, picture_id: UUID) -> Any:
        """Return the picture."""
        return photo_response(photo_of_order(self.order_of(request, number), photo_id=picture_id))


def _shown(message_id: UUID) -> Any:
    [shown] = shown_messages([get_message(message_id=message_id)], MessageSide.BUYER)
    return MessageOutput(shown).data
