"""The signed-in person, passwords and the confirmation of an address."""

from dataclasses import asdict
from typing import Any, ClassVar

from dj_rest_auth.views import UserDetailsView
from django.utils.translation import gettext
from drf_spectacular.utils import extend_schema
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer
from rest_framework.views import APIView

from accounts.access import django_request, signed_in_user
from accounts.api.base import OpenApi, answer, attempts_refused
from accounts.api.schema import AUTH_TAG, bad_confirmation, bad_link
from accounts.selectors import get_user, profile_version
from accounts.serializers import (
    EXAMPLE_TOKENS,
    EXAMPLE_USER,
    EmailInput,
    PasswordChangeInput,
    PasswordResetConfirmInput,
    TokenPairOutput,
    UserOutput,
    VerifyEmailInput,
)
from accounts.services import credentials
from accounts.services.attempts import limit_attempts
from accounts.services.people import update_profile
from accounts.services.proof import confirm_email
from accounts.services.tokens import issue_tokens
from accounts.signed_in import TokenAuthentication
from kit.api.refusals import CHANGED_MEANWHILE, NOTHING, sent
from kit.api.refusals import answer as answered
from kit.web.versions import IF_MATCH, entity_tag, sent_tags, telling_the_current


@extend_schema(tags=AUTH_TAG)
class UserApi(UserDetailsView):
    """The signed-in person."""

    http_method_names: ClassVar[list[str]] = ["get", "patch", "head", "options"]
    serializer_class = UserOutput

    @extend_schema(
        operation_id="profile_read",
        summary="Read the profile",
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Return the signed-in user, with their permissions in each shop."""
        response: Response = super().get(request, *args, **kwargs)
        response["ETag"] = entity_tag(profile_version(signed_in_user(request)))
        return response

    @extend_schema(
        operation_id="profile_update",
        summary="Change the profile",
        parameters=[IF_MATCH],
        responses={200: UserOutput, 412: CHANGED_MEANWHILE},
        examples=[sent("Another phone number", {"phone": "+234 803 123 4567"}), answered("The person", EXAMPLE_USER)],
    )
    def patch(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Change the name or the phone number."""
        user_id = signed_in_user(request).pk
        with telling_the_current(lambda: self.get_serializer(get_user(user_id=user_id)).data):
            response: Response = super().patch(request, *args, **kwargs)
        response["ETag"] = entity_tag(profile_version(signed_in_user(request)))
        return response

    def perform_update(self, serializer: BaseSerializer[Any]) -> None:
        sent = serializer.validated_data
        user = signed_in_user(self.request)
        serializer.instance = update_profile(
            user=user, name=sent.get("name"), phone=sent.get("phone"), seen=sent_tags(self.request)
        )


class PasswordChangeApi(APIView):
    """Change the password."""

    permission_classes = (IsAuthenticated,)
    throttle_scope = "sign-in"
    refusals_of = staticmethod(attempts_refused)

    @extend_schema(
        tags=AUTH_TAG,
        operation_id="password_change",
        summary="Change the password",
        request=PasswordChangeInput,
        responses={200: TokenPairOutput},
        examples=[
            sent(
                "A new password",
                {
                    "old_password": "four harmattan kites",
                    "new_password1": "seven quiet rivers",
                    "new_password2": "seven quiet rivers",
                },
            ),
            answered("The answer", EXAMPLE_TOKENS),
        ],
    )
    def post(self, request: Request) -> Response:
        """Change the password. Every other sign-in ends; continue with the pair in the answer."""
        data = PasswordChangeInput(data=request.data)
        data.is_valid(raise_exception=True)
        user = signed_in_user(request)
        http_request = django_request(request)
        http_request.user = user
        credentials.change_password(
            request=http_request,
            user=user,
            old_password=data.validated_data["old_password"],
            new_password=data.validated_data["new_password1"],
        )
        return answer(asdict(issue_tokens(user=user)), message=gettext("Your password has been changed."))


class PasswordResetApi(OpenApi):
    """Ask for a link."""

    @extend_schema(
        tags=AUTH_TAG,
        operation_id="password_reset_start",
        summary="Ask for a reset link",
        request=EmailInput,
        responses={200: NOTHING},
        auth=[],
        examples=[sent("An address", {"email": "amina@example.com"}), answered("Done", None)],
    )
    def post(self, request: Request) -> Response:
        """Send a link by e-mail. The answer is the same whether or not the address is known."""
        data = EmailInput(data=request.data)
        data.is_valid(raise_exception=True)
        credentials.request_password_reset(request=django_request(request), **data.validated_data)
        return answer(None, message=gettext("If there is an account with this address, a link is on its way."))


class PasswordResetConfirmApi(OpenApi):
    """Set a new password with the link."""

    @extend_schema(
        tags=AUTH_TAG,
        operation_id="password_reset_confirm",
        summary="Set a new password",
        request=PasswordResetConfirmInput,
        responses={200: NOTHING, 400: bad_link},
        auth=[],
        examples=[
            sent(
                "The link's parts",
                {
                    "uid": "1a",
                    "token": "cxq3r2-5b8f0e",
                    "new_password1": "seven quiet rivers",
                    "new_password2": "seven quiet rivers",
                },
            ),
            answered("Done", None),
        ],
    )
    def post(self, request: Request) -> Response:
        """Set a new password with the two parts of the link."""
        data = PasswordResetConfirmInput(data=request.data)
        data.is_valid(raise_exception=True)
        values = data.validated_data
        credentials.reset_password(
            request=django_request(request),
            uid=values["uid"],
            token=values["token"],
            password=values["new_password1"],
        )
        return answer(None, message=gettext("Your password has been changed. Sign in with the new one."))


class VerifyEmailApi(OpenApi):
    """Confirm an e-mail address."""

    authentication_classes = (TokenAuthentication,)

    @extend_schema(
        tags=AUTH_TAG,
        operation_id="email_confirm",
        summary="Confirm an e-mail address",
        request=VerifyEmailInput,
        responses={200: NOTHING, 400: bad_confirmation},
        auth=[{}, {"jwtAuth": []}],
        examples=[sent("The key in the letter", {"key": "MTI:1uKx4c:rT0"}), answered("Done", None)],
    )
    def post(self, request: Request) -> Response:
        """Confirm an address with the key at the end of the letter's link.

        With the account's own token the key is enough. Without it, give a `new_password`: another person than the
        reader of the letter may have opened the account, so its old password and all its sign-ins end.
        """
        data = VerifyEmailInput(data=request.data)
        data.is_valid(raise_exception=True)
        limit_attempts(request=django_request(request), action="reset_password_from_key")
        signed_in_id = request.user.pk if request.user.is_authenticated else None
        confirm_email(signed_in_id=signed_in_id, **data.validated_data)
        return answer(None, message=gettext("Your e-mail address is confirmed."))


class ResendEmailApi(OpenApi):
    """Ask for the confirmation letter again."""

    @extend_schema(
        tags=AUTH_TAG,
        operation_id="email_confirmation_resend",
        summary="Send the confirmation again",
        request=EmailInput,
        responses={200: NOTHING},
        auth=[],
        examples=[sent("An address", {"email": "amina@example.com"}), answered("Done", None)],
    )
    def post(self, request: Request) -> Response:
        """Send the letter again. The answer is the same whether or not the address is known."""
        data = EmailInput(data=request.data)
        data.is_valid(raise_exception=True)
        credentials.resend_confirmation(request=django_request(request), **data.validated_data)
        return answer(None, message=gettext("If this address waits for confirmation, a link is on its way."))
