"""The reason for which a token is refused, as a code for programs and a sentence for people."""

from typing import Any, cast

from django.utils.translation import gettext
from rest_framework_simplejwt.exceptions import ExpiredTokenError, InvalidToken, TokenError
from rest_framework_simplejwt.settings import api_settings
from rest_framework_simplejwt.tokens import Token, UntypedToken

LONGEST_ID = 18  # digits of a bigint
EXPIRED, WRONG_TYPE, NOT_VALID = "token_expired", "token_wrong_type", "token_not_valid"


def refused_token(token: str | bytes, error: TokenError) -> InvalidToken:
    """Return the refusal of a token that could not be read."""
    if isinstance(error, ExpiredTokenError):
        return _refusal(EXPIRED, gettext("This token has expired. Use a newer one, or sign in again."))
    if _is_of_another_kind(token):
        return _refusal(WRONG_TYPE, gettext("Send the access token with calls, and the refresh token to renew it."))
    return spent_token()


def spent_token() -> InvalidToken:
    """Return the refusal of a token that could be read, and is good no more."""
    return _refusal(NOT_VALID, gettext("We did not issue this token, or it was used already. Sign in again."))


def check_owner(token: Token) -> None:
    """Refuse a token that names its owner in another way than ours do.

    Raises:
        InvalidToken: it does.
    """
    named = str(token.get(api_settings.USER_ID_CLAIM, ""))
    if not (named.isdecimal() and len(named) <= LONGEST_ID):
        raise spent_token()


def _is_of_another_kind(token: str | bytes) -> bool:
    """Return whether the token is genuine and still good, so that only its kind is wrong."""
    try:
        UntypedToken(cast("Any", token))
    except TokenError:
        return False
    return True


def _refusal(code: str, text: str) -> InvalidToken:
    return InvalidToken({"detail": text, "code": code})
