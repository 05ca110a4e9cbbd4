"""Refusals of paying and giving back."""

from kit.errors import DomainError


class PaymentError(DomainError):
    """The payment could not be started; the order stands."""

    code, status = "payment_failed", 502
    default_message = "The payment could not be started. Please try again."


class PaymentProviderUnavailableError(PaymentError):
    code, status = "payment_provider_unavailable", 503
    default_message = "The payment service isn't answering. Your order is kept; please try again in a minute."


class PaymentRefusedError(PaymentError):
    code, status = "payment_refused", 502
    default_message = "The payment service didn't take this payment. Your order is kept; please try again."


class UnknownPaymentError(DomainError):
    code, status = "payment_unknown", 404
    default_message = "We don't know this payment."


class RefundTooLargeError(DomainError):
    code, status = "refund_too_large", 409
    default_message = "More can't be given back than was paid."
