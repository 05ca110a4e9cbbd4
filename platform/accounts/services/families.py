"""Families of tokens: all that follow from one sign-in, and end together.

An access token is valid until it expires, unless its owner's row lists its family as ended. A request by token reads
that row anyway, so ended families are kept there until their last access token has expired: later requests need no
further statement, and the end holds while Redis is down.
"""

from collections.abc import Iterable

from rest_framework_simplejwt.settings import api_settings
from rest_framework_simplejwt.token_blacklist.models import OutstandingToken
from rest_framework_simplejwt.tokens import RefreshToken, Token
from rest_framework_simplejwt.utils import aware_utcnow, datetime_to_epoch

from accounts.models import User

FAMILY = "family"  # the claim that names the sign-in from which a token follows


class PerhapsSpent(RefreshToken):
    """A refresh token whose signature, kind and time are checked, and not whether it was spent."""

    def check_blacklist(self) -> None:
        """Leave the check to the caller."""


def family_of(token: Token) -> str:
    """Return the family of a token; empty for one that was issued before families were."""
    return str(token.get(FAMILY) or "")


def family_of_row(row: OutstandingToken) -> str:
    """Return the family of a refresh token that was recorded when it was issued."""
    return family_of(PerhapsSpent(row.token, verify=False))


def is_ended(*, user: User, token: Token) -> bool:
    """Return whether an access token belongs to a family that has ended."""
    return family_of(token) in user.ended_families


def end_families(*, user_id: int, families: Iterable[str]) -> None:
    """Refuse the access tokens of some families from now on; needs an open transaction.

    The row keeps those alone whose access tokens have not run out, so it stays as short as its owner's sign-ins of a
    quarter of an hour.
    """
    now = datetime_to_epoch(aware_utcnow())
    until = now + int(api_settings.ACCESS_TOKEN_LIFETIME.total_seconds())
    for user in _lock_owner(user_id):
        left = {family: end for family, end in user.ended_families.items() if end > now}
        user.ended_families = left | dict.fromkeys(families, until)
        user.save(update_fields=["ended_families"])


def _lock_owner(user_id: int) -> list[User]:
    return list(User.objects.select_for_update(no_key=True).filter(pk=user_id).order_by("pk"))


def young_families(rows: Iterable[OutstandingToken]) -> set[str]:
    """Return the families of refresh tokens that are so young that the access token beside them may be good."""
    youngest = aware_utcnow() - api_settings.ACCESS_TOKEN_LIFETIME
    return {family_of_row(row) for row in rows if row.created_at is None or row.created_at > youngest}
