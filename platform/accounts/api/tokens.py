"""Registration, sign-in, refresh and sign-out."""

from dataclasses import asdict
from http import HTTPStatus
from typing import Any

from dj_rest_auth.views import LoginView
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.access import django_request
from accounts.api.base import OpenApi, answer
from accounts.api.schema import AUTH_TAG, bad_credentials, bad_token
from accounts.serializers import (
    LoginInput,
    RefreshInput,
    RegisterInput,
    SignedInOutput,
    TokenInput,
    TokenPairOutput,
)
from accounts.services import tokens
from accounts.services.credentials import note_sign_in, register


class RegisterApi(OpenApi):
    """Open an account."""

    @extend_schema(
        tags=AUTH_TAG, summary="Open an account", request=RegisterInput, responses={201: SignedInOutput}, auth=[]
    )
    def post(self, request: Request) -> Response:
        """Open an account and sign in. A letter asks to confirm the address; buying does not wait for it."""
        data = RegisterInput(data=request.data)
        data.is_valid(raise_exception=True)
        user = register(request=django_request(request), **data.validated_data)
        note_sign_in(request=django_request(request), user=user)
        pair = tokens.issue_tokens(user=user)
        output = SignedInOutput({**asdict(pair), "user": user})
        return answer(output.data, message="Welcome to Kasuwa.", status=HTTPStatus.CREATED)


class LoginApi(OpenApi, LoginView):
    """Sign in with an e-mail address and a password."""

    throttle_scope = "sign-in"
    permission_classes = OpenApi.permission_classes

    @extend_schema(
        tags=AUTH_TAG,
        summary="Sign in",
        request=LoginInput,
        responses={200: SignedInOutput, 401: bad_credentials},
        auth=[],
    )
    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Sign in. The refusal is the same whether or not the address is known."""
        response: Response = super().post(request, *args, **kwargs)
        response.message = "You have signed in."  # type: ignore[attr-defined]
        return response

    def login(self) -> None:
        super().login()
        note_sign_in(request=django_request(self.request), user=self.user)


class RefreshApi(OpenApi):
    """Trade a refresh token for a new pair."""

    @extend_schema(
        tags=AUTH_TAG,
        summary="Refresh tokens",
        request=RefreshInput,
        responses={200: TokenPairOutput, 401: bad_token},
        auth=[],
    )
    def post(self, request: Request) -> Response:
        """Trade a refresh token for a new pair. It works once; keep the new one."""
        data = RefreshInput(data=request.data)
        data.is_valid(raise_exception=True)
        return answer(asdict(tokens.rotate_tokens(refresh=data.validated_data["refresh"])))


class VerifyTokenApi(OpenApi):
    """Check a token."""

    @extend_schema(
        tags=AUTH_TAG, summary="Check a token", request=TokenInput, responses={200: None, 401: bad_token}, auth=[]
    )
    def post(self, request: Request) -> Response:
        """Return whether a token is genuine, still good and not spent, and its sign-in has not ended."""
        data = TokenInput(data=request.data)
        data.is_valid(raise_exception=True)
        tokens.check_token(token=data.validated_data["token"])
        return answer(None, message="The token is good.")


class LogoutApi(OpenApi):
    """Sign out."""

    @extend_schema(
        tags=AUTH_TAG, summary="Sign out", request=RefreshInput, responses={200: None, 401: bad_token}, auth=[]
    )
    def post(self, request: Request) -> Response:
        """End the sign-in: its refresh token and the access tokens that follow from it are refused from now on."""
        data = RefreshInput(data=request.data)
        data.is_valid(raise_exception=True)
        tokens.revoke_token(refresh=data.validated_data["refresh"])
        return answer(None, message="You have signed out.")
