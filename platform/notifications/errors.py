"""Errors of notifications."""

from kit.errors import NotFoundError


class NotificationNotFoundError(NotFoundError):
    default_message = "This notification is not yours, or has gone."
