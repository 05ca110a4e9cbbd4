"""A shop's messages over the API."""

from http import HTTPStatus
from typing import Any, ClassVar
from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.access import signed_in_user
from checkout.api import message_examples as examples
from checkout.capabilities import ANSWER_MESSAGES, VIEW_ORDERS
from checkout.messaging.photos import add_shops_photo, photo_of_shop
from checkout.messaging.reading import mark_messages_read
from checkout.messaging.selectors import get_message, read_messages, read_shop_inbox
from checkout.messaging.sending import NewMessage, send_message
from checkout.messaging.shown import shown_messages
from checkout.models import MessageSide
from checkout.orders.shop_orders import get_sub_order
from checkout.photos.keeping import photo_response
from checkout.serializers.messages import (
    AnswerMessageInput,
    ConversationFeedOutput,
    ConversationOutput,
    InboxQuery,
    MarkedMessagesOutput,
    MessageFeedOutput,
    MessageOutput,
    MessagePhotoOutput,
    ReadShopMessagesInput,
)
from checkout.serializers.photos import PhotoInput
from kit.api.envelope import located
from kit.api.idempotent import takes_key
from kit.api.input import FeedQuery, query_of
from kit.api.lists import feed_body, feed_place
from kit.api.openapi import INVALID
from kit.api.private_files import LOCATION
from kit.api.refusals import answer, sent
from kit.api.validation import checked
from vendors.access import StaffApi, shop_of

TAGS = ["Messages"]
ANSWER = {"text": examples.SHOPS["text"]}


class InboxApi(StaffApi):
    """The shop's conversations."""

    query_class = InboxQuery
    capabilities: ClassVar = {"GET": VIEW_ORDERS}

    @extend_schema(
        operation_id="conversations_list",
        summary="List conversations with buyers",
        tags=TAGS,
        responses={200: ConversationFeedOutput, 400: INVALID},
        examples=[answer("One", examples.feed(examples.CONVERSATION))],
    )
    def get(self, request: Request) -> Response:
        """Return the shop's conversations, the newest message first; `is_answered=false` are those to answer."""
        found, rows = read_shop_inbox(
            shop_id=shop_of(request).pk, is_answered=query_of(request).get("is_answered"), **feed_place(request)
        )
        return Response(feed_body(request, found, results=ConversationOutput(rows, many=True).data))


class VendorOrderMessagesApi(StaffApi):
    """Messages about an order of the shop."""

    query_class = FeedQuery
    capabilities: ClassVar = {"GET": VIEW_ORDERS, "POST": ANSWER_MESSAGES}
    throttle_scope = "messages"
    throttled_methods: ClassVar = {"POST"}

    @extend_schema(
        operation_id="vendor_order_messages_list",
        summary="List the messages about an order",
        tags=TAGS,
        responses={200: MessageFeedOutput, 400: INVALID, 404: examples.NO_ORDER},
        examples=[answer("One", examples.feed(examples.SHOPS))],
    )
    def get(self, request: Request, number: str) -> Response:
        """Return the messages of buyer and shop about an order, the newest first.

        Reading does not mark as read: `POST …/messages/read/` does. Until the order is paid, contact details in the
        buyer's messages are hidden (`is_masked`).
        """
        part = get_sub_order(shop_id=shop_of(request).pk, number=number)
        found = read_messages(part_ids=[part.pk], **feed_place(request))
        results = MessageOutput(shown_messages(found.rows, MessageSide.SHOP), many=True).data
        return Response(feed_body(request, found, results=results))

    @takes_key()
    @extend_schema(
        operation_id="vendor_order_message_create",
        summary="Write to the buyer of an order",
        tags=TAGS,
        request=AnswerMessageInput,
        responses={201: MessageOutput, 400: INVALID, **examples.ANSWER_REFUSALS},
        examples=[sent("An answer", ANSWER), answer("The message", examples.SHOPS, status=201)],
    )
    def post(self, request: Request, number: str) -> Response:
        """Write to the buyer: they read it on their order's page, and get a letter if it stays unread.

        What was written before is read with it. Pictures are sent before, with `POST …/message-photos/`.
        """
        part = get_sub_order(shop_id=shop_of(request).pk, number=number)
        asked = checked(AnswerMessageInput, request.data)
        user_id, photos = signed_in_user(request).pk, asked.get("photos") or ()
        message = send_message(NewMessage(part, MessageSide.SHOP, user_id, asked["text"], photos), now=timezone.now())
        [shown] = shown_messages([get_message(message_id=message.pk)], MessageSide.SHOP)
        return Response(MessageOutput(shown).data, status=HTTPStatus.CREATED)


class VendorOrderMessagesReadApi(StaffApi):
    """Marking messages as read."""

    capabilities: ClassVar = {"POST": ANSWER_MESSAGES}

    @extend_schema(
        operation_id="vendor_order_messages_mark_read",
        summary="Mark the messages about an order as read",
        tags=TAGS,
        request=ReadShopMessagesInput,
        responses={200: MarkedMessagesOutput, 400: INVALID, 404: examples.NO_ORDER},
        examples=[examples.SEEN, examples.MARKED],
    )
    def post(self, request: Request, number: str) -> Response:
        """Mark the buyer's messages as read by the shop: all of them, or up to the last message that was shown."""
        part = get_sub_order(shop_id=shop_of(request).pk, number=number)
        marked = mark_messages_read(
            parts=[part],
            side=MessageSide.SHOP,
            user_id=signed_in_user(request).pk,
            now=timezone.now(),
            until=checked(ReadShopMessagesInput, request.data).get("last_message_id"),
        )
        return Response({"marked": marked})


class ShopMessagePhotoListApi(StaffApi):
    """Pictures for messages about an order."""

    capabilities: ClassVar = {"POST": ANSWER_MESSAGES}
    parser_classes = (MultiPartParser,)
    throttle_scope = "messages"

    @takes_key()
    @extend_schema(
        operation_id="message_photo_create",
        summary="Send a picture for a message",
        tags=TAGS,
        request={"multipart/form-data": PhotoInput},
        responses={201: MessagePhotoOutput, 400: INVALID, **examples.PHOTO_REFUSALS},
        examples=[answer("The picture", {"id": examples.PHOTO_ID}, status=201)],
    )
    def post(self, request: Request, number: str) -> Response:
        """Send a picture, to be named in a message about this order."""
        part = get_sub_order(shop_id=shop_of(request).pk, number=number)
        data = PhotoInput(data=request.data)
        data.is_valid(raise_exception=True)
        photo = add_shops_photo(part=part, upload=data.validated_data["image"], now=timezone.now())
        return Response(MessagePhotoOutput(photo).data, status=HTTPStatus.CREATED, headers=located(_photo_path(photo)))


class ShopMessagePhotoApi(StaffApi):
    """One picture."""

    capabilities: ClassVar = {"GET": VIEW_ORDERS}

    @extend_schema(
        operation_id="message_photo_read",
        summary="Fetch a picture of a message",
        tags=TAGS,
        parameters=[LOCATION],
        responses={**examples.PHOTO_FILE, 404: examples.NO_PHOTO},
    )
    def get(self, request: Request, picture_id: UUID) -> Any:
        """Return the picture."""
        return photo_response(photo_of_shop(shop_id=shop_of(request).pk, photo_id=picture_id))


def _photo_path(photo: Any) -> str:
    return f"/api/v1/message-photos/{photo.pk}/"
