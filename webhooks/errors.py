"""Refusals of inbound events."""

from django.utils.translation import gettext_lazy

from kit.errors import DomainError


class BadSignatureError(DomainError):
    code, status = "bad_signature", 401
    default_message = gettext_lazy("The signature is missing or does not belong to this body.")


class UnknownWebhookProviderError(DomainError):
    code, status = "unknown_provider", 404
    default_message = gettext_lazy(
        "No payment provider of this market posts its events here. Check the last part of the address."
    )


class BodyTooLargeError(DomainError):
    code, status = "body_too_large", 413
    default_message = gettext_lazy("The body is larger than any event of this provider.")


class MethodNotAllowedError(DomainError):
    code, status = "method_not_allowed", 405
    default_message = gettext_lazy("Events are posted here.")


class TransferNotApprovedError(DomainError):
    code, status = "transfer_not_approved", 400
    default_message = gettext_lazy("We have no transfer under way with this reference, amount and recipient.")
