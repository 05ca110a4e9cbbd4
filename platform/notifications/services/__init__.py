"""Services of notifications."""

from notifications.channels.table import offered_text_channels
from notifications.services.emails import queue_email
from notifications.services.inbox import mark_all_read, mark_read, mark_read_by_key, notify
from notifications.services.texts import fits_one_text, queue_text

__all__ = [
    "fits_one_text",
    "mark_all_read",
    "mark_read",
    "mark_read_by_key",
    "notify",
    "offered_text_channels",
    "queue_email",
    "queue_text",
]
