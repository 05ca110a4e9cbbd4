"""The shop's registration for tax over the API."""

from typing import Any, ClassVar

from django.utils import timezone
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.access import signed_in_user
from checkout.fulfilment.services.tax_registration import Registration, read_registration
from checkout.pricing.tax.registry import tax_rates
from checkout.taxing.registering import registration_version, set_registration
from kit.api.openapi import INVALID
from kit.api.refusals import CHANGED_MEANWHILE, answer
from kit.web.versions import IF_MATCH, entity_tag, sent_tags, telling_the_current
from tenants.capabilities import MANAGE_PROFILE, VIEW_DASHBOARD
from tenants.models import Shop
from vendors.access import StaffApi, shop_of
from vendors.serializers.tax import TaxInput, TaxOutput

REGISTERED = {"is_registered": True, "country": "NG", "number": "123456780001", "prices_include_tax": False}
TABLE: dict[str, Any] = {
    "country": "NG",
    "checked_on": "2026-11-29",
    "source": "Nigeria Tax Act 2025, in force since 2026-01-01",
    "note": "This is not tax advice: check with your accountant.",
    "rates": [{"tax_class": "standard", "label": "VAT 7.5%", "rate_bps": 750}],
}
READ = {**REGISTERED, "tables": [TABLE]}


class TaxApi(StaffApi):
    """The shop's registration for tax."""

    capabilities: ClassVar = {"GET": VIEW_DASHBOARD, "PUT": MANAGE_PROFILE}

    @extend_schema(
        operation_id="tax_read",
        summary="Read the tax settings",
        tags=["Shop"],
        responses=TaxOutput,
        examples=[answer("A registered shop", READ)],
    )
    def get(self, request: Request) -> Response:
        """Return the registration under which the shop charges tax, and the tables of rates to choose from."""
        shop = shop_of(request)
        return _answer(read_registration(schema_name=shop.schema_name))

    @extend_schema(
        operation_id="tax_set",
        summary="Register for tax, or end it",
        tags=["Shop"],
        request=TaxInput,
        parameters=[IF_MATCH],
        responses={200: TaxOutput, 400: INVALID, 412: CHANGED_MEANWHILE},
        examples=[
            OpenApiExample("Registered", value=REGISTERED, request_only=True),
            OpenApiExample("Not registered", value={"is_registered": False}, request_only=True),
            answer("A registered shop", READ),
        ],
    )
    def put(self, request: Request) -> Response:
        """Charge tax under a registration from now on, or none; orders that are placed keep theirs.

        `country` has to be one of the tables'. `number` is judged by the form that the country's numbers have.
        """
        data = TaxInput(data=request.data)
        data.is_valid(raise_exception=True)
        shop = shop_of(request)
        with telling_the_current(lambda: _body(_current(shop))):
            stored = set_registration(
                shop=shop,
                registration=data.registration(),
                actor_id=signed_in_user(request).pk,
                now=timezone.now(),
                seen=sent_tags(request),
            )
        return _answer(stored)


def _current(shop: Shop) -> Registration | None:
    return read_registration(schema_name=shop.schema_name)


def _answer(registration: Registration | None) -> Response:
    return Response(_body(registration), headers={"ETag": entity_tag(registration_version(registration))})


def _body(registration: Registration | None) -> Any:
    context = {"tables": tax_rates().tables(), "on": timezone.now().date()}
    return TaxOutput({"registration": registration}, context=context).data
