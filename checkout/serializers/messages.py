"""Messages over the API: what is written and read, and a shop's inbox."""

from typing import Any

from rest_framework import serializers

from checkout.models import LONGEST_MESSAGE, MessageSide
from checkout.photos.keeping import MOST_PHOTOS
from kit.api.input import FeedQuery, InputSerializer
from kit.api.lists import FeedOutput
from kit.text.serializers import LineField, OptionalText, ParagraphsField

LONGEST_NUMBER = 24


class MessagesQuery(FeedQuery):
    """The part of an order whose messages are asked for."""

    sub_order = LineField(
        required=False, default="", max_length=LONGEST_NUMBER, help_text="The number of one shop's part; left out: all."
    )


class InboxQuery(FeedQuery):
    """Filter of conversations."""

    is_answered = serializers.BooleanField(required=False, help_text="`false`: those that wait for the shop's answer.")


class MessagePhotoOutput(serializers.Serializer[Any]):
    """A picture; those who read the message fetch it by its id."""

    id = serializers.UUIDField()


class MessageOutput(serializers.Serializer[Any]):
    """A message about a shop's part of an order, as the caller's side sees it."""

    id = serializers.UUIDField()
    sub_order_number = serializers.CharField()
    side = serializers.ChoiceField(choices=MessageSide.choices, help_text="Who has written it.")
    author_name = serializers.CharField(source="author", allow_blank=True)
    text = serializers.CharField(allow_blank=True, help_text="Empty once the buyer was forgotten.")
    is_masked = serializers.BooleanField(
        help_text="Whether contact details in it are hidden from the caller, until the order is paid."
    )
    photos = MessagePhotoOutput(many=True)
    sent_at = serializers.DateTimeField()
    read_by_buyer_at = serializers.DateTimeField(allow_null=True)
    read_by_shop_at = serializers.DateTimeField(allow_null=True)


class MessageFeedOutput(FeedOutput):
    """Some messages."""

    results = MessageOutput(many=True)


class ConversationOutput(serializers.Serializer[Any]):
    """A conversation about an order of the shop."""

    order_number = serializers.CharField(source="conversation.sub_order.number")
    buyer_name = serializers.CharField(source="conversation.sub_order.order.shipping_address.name", allow_blank=True)
    is_answered = serializers.BooleanField(
        source="conversation.is_answered", help_text="Whether the shop has written since the buyer last did."
    )
    unread_count = serializers.IntegerField(source="new")
    last_message = MessageOutput(source="last")


class ConversationFeedOutput(FeedOutput):
    """Some conversations."""

    results = ConversationOutput(many=True)


class MarkedMessagesOutput(serializers.Serializer[Any]):
    """The number of messages that were marked."""

    marked = serializers.IntegerField()


def _photos() -> Any:
    return serializers.ListField(
        child=serializers.UUIDField(),
        required=False,
        allow_null=True,
        max_length=MOST_PHOTOS,
        help_text="Ids of pictures that were sent before.",
    )


def _text() -> Any:
    return ParagraphsField(max_length=LONGEST_MESSAGE, help_text="The other side reads it.")


def _until() -> Any:
    return serializers.UUIDField(
        required=False, allow_null=True, help_text="The id of the last message that was seen; left out: all."
    )


class SendMessageInput(InputSerializer):
    """A message of a buyer."""

    text = _text()
    sub_order = OptionalText(
        max_length=LONGEST_NUMBER, help_text="The number of the shop's part; needed where the order has several."
    )
    photos = _photos()


class AnswerMessageInput(InputSerializer):
    """A message of a shop."""

    text = _text()
    photos = _photos()


class MarketMessageInput(InputSerializer):
    """A message of the market, for both sides."""

    text = _text()
    sub_order = OptionalText(
        max_length=LONGEST_NUMBER, help_text="The number of the shop's part; needed where the order has several."
    )


class ReadMessagesInput(InputSerializer):
    """Messages of an order that were read; an empty body means all of them."""

    sub_order = OptionalText(max_length=LONGEST_NUMBER, help_text="The number of one shop's part; left out: all.")
    last_message_id = _until()


class ReadShopMessagesInput(InputSerializer):
    """Messages that were read; an empty body means all of them."""

    last_message_id = _until()
