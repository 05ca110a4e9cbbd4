"""Errors of notifications."""

from django.utils.translation import gettext_lazy

from kit.errors import DomainError, NotFoundError


class NotificationNotFoundError(NotFoundError):
    default_message = gettext_lazy("This notification is not yours, or has gone.")


class AlwaysSentError(DomainError):
    code, status = "always_sent", 409
    default_message = gettext_lazy("Word of money and of your account's safety always arrives.")


class ChannelNotOfferedError(DomainError):
    code, status = "channel_not_offered", 409
    default_message = gettext_lazy("These notices don't come by this channel.")
