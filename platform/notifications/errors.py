"""Errors of notifications."""

from django.utils.translation import gettext_lazy

from kit.errors import NotFoundError


class NotificationNotFoundError(NotFoundError):
    default_message = gettext_lazy("This notification is not yours, or has gone.")
