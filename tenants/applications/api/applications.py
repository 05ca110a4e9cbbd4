"""Applications."""

from http import HTTPStatus
from uuid import UUID

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.services.letters_asked_for import TooManyLettersError
from gateway.bank_accounts import list_banks
from kit.api.bodies import without_body
from kit.api.envelope import located
from kit.api.idempotent import takes_key
from kit.api.input import Query, query_of
from kit.api.openapi import INVALID
from kit.api.refusals import answer, refusal, sent
from kit.text.serializers import CurrencyField
from kit.web.headers import header_of
from tenants.applications.access import KEY_HEADER
from tenants.applications.api import examples
from tenants.applications.api.serializers import (
    AccountInput,
    ApplicationOutput,
    BankOutput,
    ChangeInput,
    RequestedShopInput,
    StartedOutput,
    SubmitInput,
)
from tenants.applications.selectors import applications_of, get_own_application
from tenants.applications.services.accounts import save_account
from tenants.applications.services.drafts import RequestedShop, save_application, start_application
from tenants.applications.services.submission import submit_application, withdraw_application
from tenants.models import ShopApplication

TAGS = ["Opening a shop"]


def application_key(request: Request) -> str:
    """Return the key of an application that the caller holds, empty without one."""
    return header_of(request, KEY_HEADER)


class ApplicantApi(APIView):
    """A call about an application, by the person who made it or a guest with its key."""

    permission_classes = (AllowAny,)
    throttle_scope = "apply"

    def application(self, request: Request, application_id: UUID) -> ShopApplication:
        """Return the caller's application.

        Raises:
            ApplicationNotFoundError: there is none, or it belongs to another user.
        """
        key = request.headers.get(KEY_HEADER, "")
        return get_own_application(application_id=application_id, user_id=request.user.pk, access_key=key)


class ApplicationListApi(ApplicantApi):
    """The caller's applications."""

    @extend_schema(
        operation_id="applications_list",
        summary="List your applications",
        tags=TAGS,
        responses=ApplicationOutput(many=True),
        examples=[answer("One", [examples.APPLICATION])],
    )
    def get(self, request: Request) -> Response:
        """Return the applications of who has signed in, newest first; a guest has none."""
        own = applications_of(user_id=request.user.pk) if request.user.is_authenticated else []
        return Response(ApplicationOutput(own, many=True).data)

    @takes_key(guest=application_key)
    @extend_schema(
        operation_id="application_start",
        summary="Begin an application",
        tags=TAGS,
        request=RequestedShopInput,
        responses={
            201: StartedOutput,
            400: examples.BAD_SHOP,
            409: examples.ADDRESS_GONE,
            429: refusal("Too many letters were asked for.", TooManyLettersError),
        },
        examples=[
            OpenApiExample("A shop", value=examples.REQUESTED_SHOP, request_only=True),
            answer("A guest's", {"access_key": "k3V…", **examples.APPLICATION}, status=201),
        ],
    )
    def post(self, request: Request) -> Response:
        """Begin an application; a guest gets a key for it, and a link by e-mail."""
        data = RequestedShopInput(data=request.data)
        data.is_valid(raise_exception=True)
        started = start_application(
            shop=RequestedShop(**data.validated_data), applicant_id=request.user.pk, now=timezone.now()
        )
        headers = located(f"{request.path}{started.pk}/")
        return Response(StartedOutput(started).data, status=HTTPStatus.CREATED, headers=headers)


class ApplicationApi(ApplicantApi):
    """One application."""

    @extend_schema(
        operation_id="application_read",
        summary="Read an application",
        tags=TAGS,
        parameters=[examples.KEY],
        responses={200: ApplicationOutput, 404: examples.NO_APPLICATION},
        examples=[answer("The application", examples.APPLICATION)],
    )
    def get(self, request: Request, application_id: UUID) -> Response:
        """Return the application's fields, the missing ones, its decision and its history."""
        return Response(ApplicationOutput(self.application(request, application_id)).data)

    @extend_schema(
        operation_id="application_update",
        summary="Fill an application in",
        tags=TAGS,
        parameters=[examples.KEY],
        request=ChangeInput,
        responses={
            200: ApplicationOutput,
            400: examples.BAD_SHOP,
            404: examples.NO_APPLICATION,
            409: examples.ADDRESS_GONE,
        },
        examples=[
            OpenApiExample("The second step", value={"business": examples.BUSINESS}, request_only=True),
            answer("The application", examples.APPLICATION),
        ],
    )
    def patch(self, request: Request, application_id: UUID) -> Response:
        """Change the requested shop, the business, or both."""
        application = self.application(request, application_id)
        data = ChangeInput(data=request.data)
        data.is_valid(raise_exception=True)
        shop, business = data.to_inputs()
        changed = save_application(application_id=application.pk, shop=shop, business=business, now=timezone.now())
        return Response(ApplicationOutput(changed).data)


class ApplicationAccountApi(ApplicantApi):
    """The bank account."""

    @extend_schema(
        operation_id="application_account_set",
        summary="Name the bank account",
        tags=TAGS,
        parameters=[examples.KEY],
        request=AccountInput,
        responses={
            200: ApplicationOutput,
            400: examples.BAD_ACCOUNT,
            404: examples.NO_APPLICATION,
            409: examples.CLOSED,
            503: examples.SILENT,
        },
        examples=[
            OpenApiExample("An account", value={"bank_code": "058", "number": "0123456789"}, request_only=True),
            answer("The application", examples.APPLICATION),
        ],
    )
    def put(self, request: Request, application_id: UUID) -> Response:
        """Save the bank account after asking the bank for its holder.

        `account_status` is `resolved` with the holder's name, or `unchecked` where the bank did not answer; the bank is
        asked again, and the application may be sent meanwhile.
        """
        application = self.application(request, application_id)
        data = AccountInput(data=request.data)
        data.is_valid(raise_exception=True)
        changed = save_account(application_id=application.pk, **data.validated_data, now=timezone.now())
        return Response(ApplicationOutput(changed).data)


class ApplicationSubmitApi(ApplicantApi):
    """Send an application."""

    @takes_key(guest=application_key)
    @extend_schema(
        operation_id="application_submit",
        summary="Send an application",
        tags=TAGS,
        parameters=[examples.KEY],
        request=SubmitInput,
        responses={
            200: ApplicationOutput,
            404: examples.NO_APPLICATION,
            409: examples.NOT_YET,
        },
        examples=[
            sent("With an answer", {"message": "The certificate is attached."}),
            answer("The application", examples.SENT),
        ],
    )
    def post(self, request: Request, application_id: UUID) -> Response:
        """Send an application to the operators, or, where they asked for more, back to them."""
        application = self.application(request, application_id)
        data = SubmitInput(data=request.data)
        data.is_valid(raise_exception=True)
        sent = submit_application(application_id=application.pk, **data.validated_data, now=timezone.now())
        return Response(ApplicationOutput(sent).data)


class ApplicationWithdrawApi(ApplicantApi):
    """Withdraw an application."""

    @takes_key(guest=application_key)
    @without_body
    @extend_schema(
        operation_id="application_withdraw",
        summary="Withdraw an application",
        tags=TAGS,
        parameters=[examples.KEY],
        responses={200: ApplicationOutput, 404: examples.NO_APPLICATION, 409: examples.CLOSED},
        examples=[answer("The application", {**examples.APPLICATION, "status": "withdrawn", "documents": []})],
    )
    def post(self, request: Request, application_id: UUID) -> Response:
        """Withdraw an application that is not with the operators; its documents and account are deleted."""
        application = self.application(request, application_id)
        withdrawn = withdraw_application(application_id=application.pk, now=timezone.now())
        return Response(ApplicationOutput(withdrawn).data)


class BanksQuery(Query):
    """Filter of the banks."""

    currency = CurrencyField(
        among=settings.SHOP_CURRENCIES, required=False, help_text="ISO 4217; the market's own by default."
    )


class BankListApi(APIView):
    """Banks."""

    query_class = BanksQuery
    permission_classes = (AllowAny,)

    @extend_schema(
        operation_id="banks_list",
        summary="List banks",
        tags=TAGS,
        responses={200: BankOutput(many=True), 400: INVALID, 503: examples.SILENT},
        examples=[answer("A bank", [examples.BANK])],
    )
    def get(self, request: Request) -> Response:
        """Return the banks that take payouts in a currency."""
        currency = query_of(request).get("currency", settings.PLATFORM_CURRENCY)
        if currency not in settings.SHOP_CURRENCIES:
            raise ValidationError({"currency": [gettext("We can't pay out in this currency yet.")]})
        return Response(BankOutput(list_banks(currency=currency), many=True).data)
