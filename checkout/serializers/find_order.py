"""Input and output of the call that sends the link to an order."""

from typing import Any

from rest_framework import serializers

from kit.api.input import InputSerializer
from kit.text.serializers import EmailField, LineField


class FindOrderInput(InputSerializer):
    """Number of an order, and the e-mail address that it was placed with."""

    number = LineField(max_length=40, help_text="Of the order, or of a shop's part of it.")
    email = EmailField()


class LinkRequestedOutput(serializers.Serializer[Any]):
    """The answer for any number and address."""

    message = serializers.CharField()
