"""The days within which a shop takes units back, over the API."""

from typing import Any, ClassVar

from django.utils import timezone
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.access import signed_in_user
from checkout.returning.keep_terms import MOST_DAYS, set_return_terms
from checkout.returning.windows import market_days, terms_of_shop
from kit.api.input import InputSerializer
from kit.api.openapi import INVALID
from kit.api.refusals import answer
from kit.api.validation import checked
from tenants.capabilities import MANAGE_PROFILE, VIEW_DASHBOARD
from vendors.access import StaffApi, shop_of

TAGS = ["Shop"]
TERMS: dict[str, Any] = {"days": 30, "market_days": 14, "categories": {"bags": 60}}


class ReturnTermsInput(InputSerializer):
    """Days within which buyers may ask for a return."""

    days = serializers.IntegerField(
        allow_null=True, min_value=0, max_value=MOST_DAYS, help_text="Not fewer than the market's; null: as many."
    )
    categories = serializers.DictField(
        child=serializers.IntegerField(min_value=0, max_value=MOST_DAYS),
        required=False,
        help_text="Days by a category's slug, for it and what is below it.",
    )


class ReturnTermsOutput(serializers.Serializer[Any]):
    """Days within which buyers may ask for a return."""

    days = serializers.IntegerField(allow_null=True, help_text="Null: as the market has it.")
    market_days = serializers.IntegerField(help_text="The market's.")
    categories = serializers.DictField(child=serializers.IntegerField(), help_text="Days by a category's slug.")


class ReturnTermsApi(StaffApi):
    """Days for returns."""

    capabilities: ClassVar = {"GET": VIEW_DASHBOARD, "PUT": MANAGE_PROFILE}

    @extend_schema(
        operation_id="return_terms_read",
        summary="Read your days for returns",
        tags=TAGS,
        responses={200: ReturnTermsOutput},
        examples=[answer("Days", TERMS)],
    )
    def get(self, request: Request) -> Response:
        """Return the days after delivery within which buyers may ask for a return."""
        return Response(_body(shop_of(request).pk))

    @extend_schema(
        operation_id="return_terms_set",
        summary="Set your days for returns",
        tags=TAGS,
        request=ReturnTermsInput,
        responses={200: ReturnTermsOutput, 400: INVALID},
        examples=[
            OpenApiExample("A month", request_only=True, value={"days": 30, "categories": {"bags": 60}}),
            answer("Days", TERMS),
        ],
    )
    def put(self, request: Request) -> Response:
        """Set the days, in all and by category; they hold for what is asked for from now on."""
        asked = checked(ReturnTermsInput, request.data)
        shop_id = shop_of(request).pk
        set_return_terms(
            shop_id=shop_id,
            days=asked["days"],
            categories=asked.get("categories", {}),
            actor_id=signed_in_user(request).pk,
            now=timezone.now(),
        )
        return Response(_body(shop_id))


def _body(shop_id: int) -> dict[str, Any]:
    terms = terms_of_shop(shop_id=shop_id)
    return {
        "days": terms.days if terms else None,
        "market_days": market_days(),
        "categories": terms.categories if terms else {},
    }
