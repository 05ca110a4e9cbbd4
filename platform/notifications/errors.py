"""Errors of notifications."""

from django.utils.translation import gettext_lazy

from kit.errors import DomainError, NotFoundError


class NotificationNotFoundError(NotFoundError):
    default_message = gettext_lazy("This notification is not yours, or has gone.")


class AlwaysSentError(DomainError):
    code, status = "always_sent", 409
    default_message = gettext_lazy("Notices about money and your account's safety are always sent.")


class ChannelNotOfferedError(DomainError):
    code, status = "channel_not_offered", 409
    default_message = gettext_lazy("These notices are not sent by this channel.")
