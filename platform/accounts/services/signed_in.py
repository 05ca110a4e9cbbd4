"""What has to happen once somebody has signed in, such as taking over the guest's basket."""

import logging
from collections.abc import Callable

from django.http import HttpRequest

from accounts.models import User

logger = logging.getLogger(__name__)

SignedInCallback = Callable[[HttpRequest, User], None]
_callbacks: list[SignedInCallback] = []


def on_signed_in(callback: SignedInCallback) -> SignedInCallback:
    """Register a callback for sign-in and sign-up, on pages and by API; called from an app's `ready`."""
    if callback not in _callbacks:
        _callbacks.append(callback)
    return callback


def run_signed_in(request: HttpRequest, user: User) -> None:
    """Run the callbacks. One that fails is logged: it must not keep a person out."""
    for callback in _callbacks:
        try:
            callback(request, user)
        except Exception:
            logger.exception("A callback after signing in failed: %s", getattr(callback, "__qualname__", callback))
