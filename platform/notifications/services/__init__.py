"""Notices to people, on the site and by e-mail."""

from notifications.services.emails import queue_email
from notifications.services.inbox import mark_all_read, mark_read, notify

__all__ = ["mark_all_read", "mark_read", "notify", "queue_email"]
