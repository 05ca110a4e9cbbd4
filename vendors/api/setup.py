"""Setting the shop up, and opening it, over the API."""

from typing import Any, ClassVar

from django.utils import timezone
from django.utils.translation import gettext
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.access import signed_in_user
from gateway.bank_accounts import AccountNotFoundError, BankSilentError, UnknownBankError, list_banks
from kit.api.bodies import without_body
from kit.api.idempotent import takes_key
from kit.api.refusals import CHANGED_MEANWHILE, answer, refusal, refusals
from kit.errors import NotFoundError
from kit.web.versions import IF_MATCH, entity_tag, sent_tags, telling_the_current
from payouts.capabilities import MANAGE_BANK_ACCOUNT, VIEW_BALANCE
from payouts.errors import NotTheOwnerError
from payouts.selectors.bank_accounts import current_bank_account
from payouts.services.bank_accounts import change_bank_account
from tenants.applications.api.serializers import BankOutput
from tenants.capabilities import MANAGE_PROFILE, MANAGE_STATUS, VIEW_DASHBOARD
from tenants.errors import ShopStatusError
from tenants.models import Shop, ShopStatus
from tenants.shops.checklist_steps import RATE_FIELDS, set_delivery_rate
from tenants.shops.profile import profile_version
from tenants.shops.selectors import get_shop
from vendors.access import StaffApi, shop_of
from vendors.errors import PreviewEmptyError, SetupIncompleteError
from vendors.selectors.setup import setup_steps
from vendors.serializers.setup import (
    AccountInput,
    BankAccountOutput,
    DeliveryInput,
    DeliveryOutput,
    SetupOutput,
)
from vendors.services.setup import confirm_preview, go_live

TAGS = ["Shop"]
STEP = {"key": "delivery", "title": "Decide what delivery costs", "is_done": True, "missing": ""}
SETUP: dict[str, Any] = {"is_open": False, "is_complete": False, "steps": [STEP]}
ACCOUNT: dict[str, Any] = {
    "bank_code": "058",
    "bank_name": "Guaranty Trust Bank",
    "number": "•••• 6789",
    "holder_name": "INDIGO FABRICS LTD",
    "name_difference": "",
    "currency": "NGN",
    "verified_at": "2025-11-21T08:12:00.000Z",
    "usable_at": "2025-11-23T08:12:00.000Z",
    "is_usable": False,
}
NO_ACCOUNT = refusal("The shop has named none yet.", NotFoundError)


class SetupApi(StaffApi):
    """The checklist."""

    capabilities: ClassVar = {"GET": VIEW_DASHBOARD}

    @extend_schema(
        operation_id="setup_read",
        summary="Read the checklist",
        tags=TAGS,
        responses=SetupOutput,
        examples=[answer("Half done", SETUP)],
    )
    def get(self, request: Request) -> Response:
        """Return the steps that are left before the shop can open."""
        return Response(_setup(shop_of(request)))


class SetupPreviewApi(StaffApi):
    """The last step."""

    capabilities: ClassVar = {"POST": MANAGE_PROFILE}

    @takes_key()
    @without_body
    @extend_schema(
        operation_id="setup_preview_confirm",
        summary="Say that the preview is right",
        tags=TAGS,
        responses={200: SetupOutput, **refusals(PreviewEmptyError)},
        examples=[answer("The checklist", SETUP)],
    )
    def post(self, request: Request) -> Response:
        """Record that the shop's preview was seen; without a product on sale there is none."""
        shop = shop_of(request)
        confirm_preview(shop=shop, actor_id=signed_in_user(request).pk, now=timezone.now())
        return Response(_setup(shop))


class GoLiveApi(StaffApi):
    """Opening."""

    capabilities: ClassVar = {"POST": MANAGE_STATUS}

    @takes_key()
    @without_body
    @extend_schema(
        operation_id="shop_go_live",
        summary="Open the shop",
        tags=TAGS,
        responses={
            200: SetupOutput,
            409: refusal(
                "Steps are missing, named in `errors`; or it is not a draft. Nothing is changed.",
                SetupIncompleteError,
                ShopStatusError,
                details={"policies": ["Say how you deliver."]},
            ),
        },
        examples=[answer("Open", {**SETUP, "is_open": True, "is_complete": True})],
    )
    def post(self, request: Request) -> Response:
        """Open a shop whose checklist is done: its products are found from now on."""
        opened = go_live(shop_id=shop_of(request).pk, actor_id=signed_in_user(request).pk, now=timezone.now())
        return Response(_setup(opened))


class DeliveryApi(StaffApi):
    """Price of a delivery."""

    capabilities: ClassVar = {"GET": VIEW_DASHBOARD, "PUT": MANAGE_PROFILE}

    @extend_schema(
        operation_id="delivery_read",
        summary="Read the delivery rate",
        tags=TAGS,
        responses=DeliveryOutput,
        examples=[answer("A flat rate", {"shipping_minor": 150_000, "currency": "NGN"})],
    )
    def get(self, request: Request) -> Response:
        """Return the price of a delivery for buyers."""
        return _rate(shop_of(request))

    @extend_schema(
        operation_id="delivery_set",
        summary="Decide the delivery rate",
        tags=TAGS,
        request=DeliveryInput,
        parameters=[IF_MATCH],
        responses={200: DeliveryOutput, 412: CHANGED_MEANWHILE},
        examples=[
            OpenApiExample("Free", value={"shipping_minor": 0}, request_only=True),
            answer("Free", {"shipping_minor": 0, "currency": "NGN"}),
        ],
    )
    def put(self, request: Request) -> Response:
        """Set the price of a delivery; zero is a decision too."""
        data = DeliveryInput(data=request.data)
        data.is_valid(raise_exception=True)
        shop_id = shop_of(request).pk
        with telling_the_current(lambda: DeliveryOutput(get_shop(shop_id=shop_id)).data):
            shop = set_delivery_rate(
                shop_id=shop_id,
                **data.validated_data,
                actor_id=signed_in_user(request).pk,
                now=timezone.now(),
                seen=sent_tags(request),
            )
        return _rate(shop)


class BankAccountApi(StaffApi):
    """Bank account of payouts."""

    capabilities: ClassVar = {"GET": VIEW_BALANCE, "PUT": MANAGE_BANK_ACCOUNT}

    @extend_schema(
        operation_id="bank_account_read",
        summary="Read the bank account",
        tags=TAGS,
        responses={200: BankAccountOutput, 404: NO_ACCOUNT},
        examples=[answer("The account", ACCOUNT)],
    )
    def get(self, request: Request) -> Response:
        """Return the bank account of payouts; of its number the last digits only."""
        account = current_bank_account(shop_id=shop_of(request).pk)
        if account is None:
            raise NotFoundError(gettext("Your shop has no bank account yet."))
        return Response(BankAccountOutput(account, context={"now": timezone.now(), "shop": shop_of(request)}).data)

    @extend_schema(
        operation_id="bank_account_set",
        summary="Change the bank account",
        tags=TAGS,
        request=AccountInput,
        responses={
            200: BankAccountOutput,
            400: refusal("It can't be an account; nothing is changed.", AccountNotFoundError, UnknownBankError),
            403: refusal("For owners alone.", NotTheOwnerError),
            503: refusal("The bank does not answer; nothing is changed.", BankSilentError),
        },
        examples=[
            OpenApiExample("An account", value={"bank_code": "058", "number": "0123456789"}, request_only=True),
            answer("The account", ACCOUNT),
        ],
    )
    def put(self, request: Request) -> Response:
        """Ask the bank for an account's holder, and send payouts there: at once for the first, later for another."""
        data = AccountInput(data=request.data)
        data.is_valid(raise_exception=True)
        now = timezone.now()
        account = change_bank_account(
            shop_id=shop_of(request).pk, **data.validated_data, actor_id=signed_in_user(request).pk, now=now
        )
        return Response(BankAccountOutput(account, context={"now": now, "shop": shop_of(request)}).data)


class ShopBankListApi(StaffApi):
    """Banks."""

    capabilities: ClassVar = {"GET": VIEW_BALANCE}

    @extend_schema(
        operation_id="banks_list",
        summary="List banks",
        tags=TAGS,
        responses={200: BankOutput(many=True), 503: refusal("The list can't be had now.", BankSilentError)},
        examples=[answer("Some", [{"code": "058", "name": "Guaranty Trust Bank", "currency": "NGN", "kind": "nuban"}])],
    )
    def get(self, request: Request) -> Response:
        """Return the banks that take payouts in the shop's currency."""
        return Response(BankOutput(list_banks(currency=shop_of(request).currency), many=True).data)


def _rate(shop: Shop) -> Response:
    return Response(DeliveryOutput(shop).data, headers={"ETag": entity_tag(profile_version(shop, RATE_FIELDS))})


def _setup(shop: Shop) -> Any:
    shop = get_shop(shop_id=shop.pk)
    steps = setup_steps(shop=shop)
    body = {
        "is_open": shop.status != ShopStatus.DRAFT,
        "is_complete": all(step.done for step in steps),
        "steps": steps,
    }
    return SetupOutput(body).data
