"""Steps that follow a sign-in, such as moving the guest's cart into the account's."""

import logging
from dataclasses import dataclass

from django.http import HttpRequest

from accounts.models import User
from kit.wiring import Moment, followers

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class SignedIn(Moment):
    """A user has signed in or up, on a page or by API."""

    request: HttpRequest
    user: User


def tell_signed_in(request: HttpRequest, user: User) -> None:
    """Run all that follows a sign-in. What fails is logged: it must not keep a person out."""
    for follower in followers(SignedIn):
        try:
            follower(SignedIn(request, user))
        except Exception:
            logger.exception("What follows a sign-in failed: %s", getattr(follower, "__qualname__", follower))
