"""Signatures of inbound events."""

import hashlib
import hmac


def paystack_signature(*, body: bytes, secret_key: str) -> str:
    """Return the signature that Paystack puts in `x-paystack-signature`.

    Source: https://paystack.com/docs/payments/webhooks/#signature-validation
    """
    return hmac.new(secret_key.encode(), body, hashlib.sha512).hexdigest()


def is_paystack_signature(*, body: bytes, signature: str, secret_key: str) -> bool:
    """Return whether a signature is Paystack's for exactly these bytes; compares in constant time."""
    expected = paystack_signature(body=body, secret_key=secret_key)
    return bool(secret_key) and hmac.compare_digest(expected.encode(), signature.encode())
