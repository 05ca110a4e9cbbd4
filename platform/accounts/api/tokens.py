"""Registration, sign-in, refresh and sign-out."""

from dataclasses import asdict
from http import HTTPStatus
from typing import Any

from dj_rest_auth.views import LoginView
from django.urls import reverse
from django.utils.translation import gettext
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.access import django_request
from accounts.api.base import OpenApi, answer
from accounts.api.schema import AUTH_TAG, account_closed, bad_confirmation, bad_credentials, bad_token
from accounts.serializers import (
    EXAMPLE_TOKENS,
    EXAMPLE_USER,
    FinishRegistrationInput,
    LoginInput,
    RefreshInput,
    RegisterInput,
    RegistrationOutput,
    SignedInOutput,
    TokenInput,
    TokenPairOutput,
)
from accounts.services import tokens
from accounts.services.attempts import limit_attempts
from accounts.services.credentials import note_sign_in
from accounts.services.registration import begin_registration, finish_registration
from kit.api.envelope import located
from kit.api.refusals import NOTHING, sent
from kit.api.refusals import answer as answered


class RegisterApi(OpenApi):
    """Ask for an account."""

    @extend_schema(
        tags=AUTH_TAG,
        operation_id="registration_start",
        summary="Ask for an account",
        request=RegisterInput,
        responses={202: RegistrationOutput},
        auth=[],
        examples=[
            sent(
                "An account", {"email": "amina@example.com", "password": "four harmattan kites", "name": "Amina Bello"}
            ),
            answered("The answer", {"registration": "eyJlbWFpbCI6….1uKx4c"}, status=202),
        ],
    )
    def post(self, request: Request) -> Response:
        """Write to the address; the link in the letter opens the account (`registration/finish/`).

        The answer is the same whether or not there is an account with the address: the letter says which.
        """
        data = RegisterInput(data=request.data)
        data.is_valid(raise_exception=True)
        filled_in = begin_registration(request=django_request(request), **data.validated_data)
        words = gettext("We have written to this address. Follow the link in the letter to open the account.")
        return answer({"registration": filled_in}, message=words, status=HTTPStatus.ACCEPTED)


class FinishRegistrationApi(OpenApi):
    """Open the account that a letter leads to."""

    @extend_schema(
        tags=AUTH_TAG,
        operation_id="registration_finish",
        summary="Open an account",
        request=FinishRegistrationInput,
        responses={201: SignedInOutput, 400: bad_confirmation},
        auth=[],
        examples=[
            sent("From the program that began", {"key": "MTI:1uKx4c:rT0", "registration": "eyJlbWFpbCI6….1uKx4c"}),
            answered("Signed in", EXAMPLE_TOKENS | {"user": EXAMPLE_USER}, status=201),
        ],
    )
    def post(self, request: Request) -> Response:
        """Open the account with the key at the end of the letter's link, and sign in; the address is confirmed.

        With the `registration` that the form was answered with, its password is the account's. Without it, give a
        `new_password`: the form may have been filled in by another person than the mail's reader.
        """
        data = FinishRegistrationInput(data=request.data)
        data.is_valid(raise_exception=True)
        limit_attempts(request=django_request(request), action="reset_password_from_key")
        user = finish_registration(**data.validated_data)
        note_sign_in(request=django_request(request), user=user)
        output = SignedInOutput({**asdict(tokens.issue_tokens(user=user)), "user": user})
        headers = located(reverse("auth-user"))
        return answer(output.data, message=gettext("Welcome to Kasuwa."), status=HTTPStatus.CREATED, headers=headers)


class LoginApi(OpenApi, LoginView):
    """Sign in with an e-mail address and a password."""

    throttle_scope = "sign-in"
    permission_classes = OpenApi.permission_classes

    @extend_schema(
        tags=AUTH_TAG,
        operation_id="session_start",
        summary="Sign in",
        request=LoginInput,
        responses={200: SignedInOutput, 401: bad_credentials, 403: account_closed},
        auth=[],
    )
    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Sign in. The refusal is the same whether or not the address is known."""
        response: Response = super().post(request, *args, **kwargs)
        response.message = gettext("You have signed in.")  # type: ignore[attr-defined]
        return response

    def login(self) -> None:
        super().login()
        note_sign_in(request=django_request(self.request), user=self.user)


class RefreshApi(OpenApi):
    """Trade a refresh token for a new pair."""

    @extend_schema(
        tags=AUTH_TAG,
        operation_id="token_refresh",
        summary="Refresh tokens",
        request=RefreshInput,
        responses={200: TokenPairOutput, 401: bad_token},
        auth=[],
        examples=[
            sent("The refresh token", {"refresh": EXAMPLE_TOKENS["refresh"]}),
            answered("The answer", EXAMPLE_TOKENS),
        ],
    )
    def post(self, request: Request) -> Response:
        """Trade a refresh token for a new pair. It works once; keep the new one."""
        data = RefreshInput(data=request.data)
        data.is_valid(raise_exception=True)
        return answer(asdict(tokens.rotate_tokens(refresh=data.validated_data["refresh"])))


class VerifyTokenApi(OpenApi):
    """Check a token."""

    @extend_schema(
        tags=AUTH_TAG,
        operation_id="token_check",
        summary="Check a token",
        request=TokenInput,
        responses={200: NOTHING, 401: bad_token},
        auth=[],
        examples=[sent("A token", {"token": EXAMPLE_TOKENS["access"]}), answered("Done", None)],
    )
    def post(self, request: Request) -> Response:
        """Return whether a token is genuine, still good and not spent, and its sign-in has not ended."""
        data = TokenInput(data=request.data)
        data.is_valid(raise_exception=True)
        tokens.check_token(token=data.validated_data["token"])
        return answer(None, message=gettext("The token is valid."))


class LogoutApi(OpenApi):
    """Sign out."""

    @extend_schema(
        tags=AUTH_TAG,
        operation_id="session_end",
        summary="Sign out",
        request=RefreshInput,
        responses={200: NOTHING, 401: bad_token},
        auth=[],
        examples=[sent("The refresh token", {"refresh": EXAMPLE_TOKENS["refresh"]}), answered("Done", None)],
    )
    def post(self, request: Request) -> Response:
        """End the sign-in: its refresh token and the access tokens that follow from it are refused from now on."""
        data = RefreshInput(data=request.data)
        data.is_valid(raise_exception=True)
        tokens.revoke_token(refresh=data.validated_data["refresh"])
        return answer(None, message=gettext("You have signed out."))
