"""Services of notifications."""

from notifications.channels.table import offered_text_channels
from notifications.services.emails import Letter, queue_email, queue_emails
from notifications.services.inbox import SiteNotice, mark_all_read, mark_read, mark_read_by_key, notify, notify_each
from notifications.services.texts import fits_one_text, queue_text

__all__ = [
    "Letter",
    "SiteNotice",
    "fits_one_text",
    "mark_all_read",
    "mark_read",
    "mark_read_by_key",
    "notify",
    "notify_each",
    "offered_text_channels",
    "queue_email",
    "queue_emails",
    "queue_text",
]
