"""Messages to a buyer's phone, as they are asked for with an order."""

from typing import Any

from rest_framework import serializers

CHANNELS = ("sms", "whatsapp")
TEXTS = serializers.ListField(
    child=serializers.ChoiceField(choices=CHANNELS),
    max_length=len(CHANNELS),
    required=False,
    help_text="Messages about the order to the phone of the delivery address, as its buyer has ticked them.",
)


class TextsOutput(serializers.ListField):
    """The channels that the buyer asked for with the order."""

    child = serializers.ChoiceField(choices=CHANNELS)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(read_only=True, source="texts_agreed", help_text="Asked for with the order.", **kwargs)
