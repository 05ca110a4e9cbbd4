"""Access and refresh tokens of the API (JWT)."""

from dataclasses import dataclass

from django.db import transaction
from rest_framework_simplejwt.exceptions import InvalidToken, TokenError
from rest_framework_simplejwt.settings import api_settings
from rest_framework_simplejwt.tokens import RefreshToken
from rest_framework_simplejwt.utils import get_md5_hash_password

from accounts.models import User


@dataclass(frozen=True, slots=True)
class TokenPair:
    """What a client keeps: `access` for requests, `refresh` for the next pair."""

    access: str
    refresh: str


def issue_tokens(*, user: User) -> TokenPair:
    """Issue a pair for somebody who has just shown who they are."""
    refresh = RefreshToken.for_user(user)
    return TokenPair(access=str(refresh.access_token), refresh=str(refresh))


def rotate_tokens(*, refresh: str) -> TokenPair:
    """Trade a refresh token for a new pair; it works once, however many ask at the same time.

    Raises:
        InvalidToken: it is spent, expired or forged, its owner was shut out, or the password has changed.
    """
    with transaction.atomic():
        token = _spend(refresh)
        user = User.objects.filter(pk=token.payload.get(api_settings.USER_ID_CLAIM), is_active=True).first()
        if user is None or token.get(api_settings.REVOKE_TOKEN_CLAIM) != get_md5_hash_password(user.password):
            raise InvalidToken
        return issue_tokens(user=user)


def revoke_token(*, refresh: str) -> None:
    """End one sign-in.

    Raises:
        InvalidToken: the token is spent, expired or forged.
    """
    _spend(refresh)


def _spend(refresh: str) -> RefreshToken:
    try:
        token = RefreshToken(refresh)
        _, is_first = token.blacklist()
    except TokenError as error:
        raise InvalidToken from error
    if not is_first:
        raise InvalidToken
    return token
