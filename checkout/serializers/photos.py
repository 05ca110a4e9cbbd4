"""Photos about an order, as they are sent."""

from rest_framework import serializers

from kit.api.input import InputSerializer


class PhotoInput(InputSerializer):
    """A photo."""

    image = serializers.FileField(help_text="JPEG, PNG or WebP, at least 64 pixels each way, at most 5 MB.")
