"""Look-up of the signed-in user by the platform's role, since no shop's database role may read accounts."""

from typing import Any, cast

from django.contrib.auth.middleware import AuthenticationMiddleware, get_user
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from drf_spectacular.contrib.rest_framework_simplejwt import SimpleJWTScheme
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request
from rest_framework_simplejwt.authentication import JWTAuthentication
from rest_framework_simplejwt.exceptions import TokenError
from rest_framework_simplejwt.tokens import AccessToken, Token

from accounts.models import User
from accounts.services.families import is_ended
from accounts.services.refused_tokens import check_owner, refused_token, spent_token
from kit.db.roles import as_platform
from kit.web.lazy_values import lazily_of


class SignedInMiddleware(AuthenticationMiddleware):
    """Sets `request.user` by the session, when it is asked for."""

    def process_request(self, request: HttpRequest) -> None:
        """Promise the user."""
        request.user = cast("User | AnonymousUser", lazily_of(request, _look_up))


def _look_up(request: HttpRequest) -> Any:
    if request.session.is_empty():
        return AnonymousUser()
    with as_platform():
        return get_user(request)


class TokenAuthentication(JWTAuthentication):
    """Sets `request.user` by the bearer token.

    A token that is no longer good, or never was, counts as none: what is open to everybody is answered, with a word of
    it in `WWW-Authenticate`, and what needs a person is refused for what is wrong with the token (kit.api.envelope).
    """

    def authenticate(self, request: Request) -> Any:
        try:
            return super().authenticate(request)
        except AuthenticationFailed as error:
            request.refused_token = error  # type: ignore[attr-defined]
            return None

    def get_validated_token(self, raw_token: bytes) -> Token:
        """Return the token.

        Raises:
            InvalidToken: it has expired, is of another kind, or was not issued here as it is.
        """
        try:
            token = AccessToken(cast("Any", raw_token))
        except TokenError as error:
            raise refused_token(raw_token, error) from error
        check_owner(token)
        return token

    def get_user(self, validated_token: Any) -> Any:
        with as_platform():
            user = super().get_user(validated_token)
        if is_ended(user=cast("User", user), token=validated_token):
            raise spent_token()
        return user


class TokenScheme(SimpleJWTScheme):
    """Describe the scheme in the API's documentation."""

    target_class = TokenAuthentication
