"""A person's data over the API."""

from django.utils import timezone
from drf_spectacular.utils import OpenApiExample, extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.access import django_request, signed_in_user
from accounts.api.base import answer, attempts_refused
from accounts.api.schema import AUTH_TAG
from accounts.errors import ErasureBlockedError, WrongPasswordError
from accounts.services.attempts import limit_attempts
from accounts.services.erasure import delete_own_account, read_own_data
from kit.api.input import InputSerializer
from kit.api.refusals import refusal, sent
from kit.text.serializers import SecretField

WRONG_PASSWORD = refusal("The password is wrong; nothing is said or done.", WrongPasswordError)
NOT_YET = refusal("Something must be over first, such as a delivery: `errors.left` says what.", ErasureBlockedError)
SUBJECTS = inline_serializer(
    "PersonalDataOutput",
    {
        "profile": serializers.ListField(child=serializers.DictField()),
        "orders": serializers.ListField(child=serializers.DictField()),
    },
)
EXAMPLE = OpenApiExample(
    "Some of it",
    response_only=True,
    status_codes=["200"],
    value={"profile": [{"email": "ada@example.com", "name": "Ada Obi"}], "orders": []},
)


class PasswordInput(InputSerializer):
    """The password."""

    password = SecretField(style={"input_type": "password"})


class PersonalDataApi(APIView):
    """The data of the signed-in person."""

    permission_classes = (IsAuthenticated,)
    throttle_scope = "sign-in"
    refusals_of = staticmethod(attempts_refused)

    @extend_schema(
        tags=AUTH_TAG,
        operation_id="personal_data_read",
        summary="Read everything that is kept about you",
        request=PasswordInput,
        responses={200: SUBJECTS, 400: WRONG_PASSWORD},
        examples=[sent("The password", {"password": "four harmattan kites"}), EXAMPLE],
    )
    def post(self, request: Request) -> Response:
        """Return rows by subject: profile, addresses, orders with their parts, messages, memberships and more."""
        return answer(read_own_data(user=signed_in_user(request), password=_password(request)))


class DeleteAccountApi(APIView):
    """The end of an account."""

    permission_classes = (IsAuthenticated,)
    throttle_scope = "sign-in"
    refusals_of = staticmethod(attempts_refused)

    @extend_schema(
        tags=AUTH_TAG,
        operation_id="account_delete",
        summary="Delete your account",
        request=PasswordInput,
        responses={204: None, 400: WRONG_PASSWORD, 409: NOT_YET},
        examples=[sent("The password", {"password": "four harmattan kites"})],
    )
    def post(self, request: Request) -> Response:
        """Delete your account and personal data for good; orders stay in the shops' books without your name."""
        delete_own_account(user=signed_in_user(request), password=_password(request), now=timezone.now())
        return Response(status=204)


def _password(request: Request) -> str:
    limit_attempts(request=django_request(request), action="change_password")
    data = PasswordInput(data=request.data)
    data.is_valid(raise_exception=True)
    return str(data.validated_data["password"])
