"""Who has signed in: looked up by the platform, since no shop's database role may read everybody's accounts."""

from typing import Any, cast

from django.contrib.auth.middleware import AuthenticationMiddleware, get_user
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from drf_spectacular.contrib.rest_framework_simplejwt import SimpleJWTScheme
from rest_framework_simplejwt.authentication import JWTAuthentication

from accounts.models import User
from kit.db.roles import as_platform


class SignedInMiddleware(AuthenticationMiddleware):
    """Sets `request.user` by the session, when it is asked for."""

    def process_request(self, request: HttpRequest) -> None:
        super().process_request(request)

        def look_up() -> Any:
            if request.session.is_empty():
                return AnonymousUser()
            with as_platform():
                return get_user(request)

        request.user = cast("User | AnonymousUser", SimpleLazyObject(look_up))


class TokenAuthentication(JWTAuthentication):
    """Sets `request.user` by the bearer token."""

    def get_user(self, validated_token: Any) -> Any:
        with as_platform():
            return super().get_user(validated_token)


class TokenScheme(SimpleJWTScheme):
    """Describes it in the API's documentation as what it is."""

    target_class = TokenAuthentication
