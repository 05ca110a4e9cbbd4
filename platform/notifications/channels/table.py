"""The transport of each channel, by the settings."""

from pathlib import Path

from django.conf import settings

from notifications.channels.gateway import gateways
from notifications.channels.local_files import FileTransport
from notifications.channels.port import TEXT_CHANNELS, Transport
from notifications.models import Channel, TextMessage


def text_transport(channel: str) -> Transport[TextMessage] | None:
    """Return a channel's gateway, else the folder of local mail; None where the market has neither."""
    if (gateway := gateways().get(channel)) is not None:
        return gateway
    return FileTransport(Path(settings.TEXT_FOLDER)) if settings.TEXT_FOLDER else None


def offered_text_channels() -> list[Channel]:
    """Return the channels by which the market can reach phones."""
    return [channel for channel in TEXT_CHANNELS if text_transport(channel) is not None]
