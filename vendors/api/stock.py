"""Counting stock and changing prices over the API."""

from typing import ClassVar
from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.access import signed_in_user
from catalogue.capabilities import MANAGE_PRODUCTS, MANAGE_STOCK, VIEW_PRODUCTS
from catalogue.selectors.products import get_variant
from catalogue.selectors.stock_history import price_history, stock_history
from catalogue.services.prices import set_price
from catalogue.services.stock import adjust_stock, set_on_hand
from kit.api.idempotent import takes_key
from kit.api.input import FeedQuery
from kit.api.lists import feed_body, feed_place
from kit.api.openapi import INVALID
from kit.api.refusals import answer
from vendors.access import StaffApi, shop_of
from vendors.api import examples
from vendors.serializers.products import PriceData, PriceOutput, StockData, StockOutput
from vendors.serializers.stock_history import (
    PriceChangeFeedOutput,
    PriceChangeOutput,
    StockMovementFeedOutput,
    StockMovementOutput,
)


class StockApi(StaffApi):
    """A variant's stock."""

    capabilities: ClassVar = {"PATCH": MANAGE_STOCK}

    @takes_key()
    @extend_schema(
        operation_id="stock_update",
        summary="Count or adjust stock",
        tags=["Stock"],
        request=StockData,
        responses={200: StockOutput, 404: examples.NO_VARIANT, 409: examples.PROMISED_OR_MOVED},
        examples=[
            OpenApiExample("A count", request_only=True, value={"on_hand": 12, "if_on_hand": 8}),
            OpenApiExample("Four came in", request_only=True, value={"delta": 4}),
            answer("The stock now", examples.STOCK),
        ],
    )
    def patch(self, request: Request, variant_id: UUID) -> Response:
        """Set the stock on hand (`on_hand`), or add to it (`delta`, negative to subtract).

        With `if_on_hand`, a count is written only while nothing has moved the stock since you read it.
        """
        data = StockData(data=request.data)
        data.is_valid(raise_exception=True)
        shop, source, now = shop_of(request), stock_source(signed_in_user(request).pk), timezone.now()
        if "delta" in data.validated_data:
            delta = data.validated_data["delta"]
            level = adjust_stock(shop=shop, variant_id=variant_id, change=delta, source=source, now=now)
        else:
            count = data.validated_data["on_hand"]
            level = set_on_hand(
                shop=shop,
                variant_id=variant_id,
                on_hand=count,
                source=source,
                now=now,
                if_on_hand=data.validated_data.get("if_on_hand"),
            )
        return Response(StockOutput(level).data)


class StockMovementListApi(StaffApi):
    """Movements of a variant's stock."""

    query_class = FeedQuery
    capabilities: ClassVar = {"GET": VIEW_PRODUCTS}

    @extend_schema(
        operation_id="stock_movements_list",
        summary="List what moved a stock",
        tags=["Stock"],
        responses={200: StockMovementFeedOutput, 400: INVALID, 404: examples.NO_VARIANT},
        examples=[answer("Some of them", {"next": None, "previous": None, "results": [examples.MOVEMENT]})],
    )
    def get(self, request: Request, variant_id: UUID) -> Response:
        """Return counts, sales, cancellations and returns, newest first, each with the stock on hand after it.

        Reservations of unpaid orders are not in it.
        """
        shop = shop_of(request)
        get_variant(shop=shop, variant_id=variant_id)
        found = stock_history(shop=shop, variant_id=variant_id, **feed_place(request))
        return Response(feed_body(request, found, results=StockMovementOutput(found.rows, many=True).data))


class PriceChangeListApi(StaffApi):
    """The prices that a variant has had."""

    query_class = FeedQuery
    capabilities: ClassVar = {"GET": VIEW_PRODUCTS}

    @extend_schema(
        operation_id="price_changes_list",
        summary="List the prices of a variant",
        tags=["Stock"],
        responses={200: PriceChangeFeedOutput, 400: INVALID, 404: examples.NO_VARIANT},
        examples=[answer("Some of them", {"next": None, "previous": None, "results": [examples.PRICE_CHANGE]})],
    )
    def get(self, request: Request, variant_id: UUID) -> Response:
        """Return today's price and those before it, newest first, each with the time from which it held."""
        shop = shop_of(request)
        get_variant(shop=shop, variant_id=variant_id)
        found = price_history(shop=shop, variant_id=variant_id, **feed_place(request))
        rows = PriceChangeOutput(found.rows, many=True, context={"currency": shop.currency})
        return Response(feed_body(request, found, results=rows.data))


class PriceApi(StaffApi):
    """A variant's price."""

    capabilities: ClassVar = {"PATCH": MANAGE_PRODUCTS}

    @takes_key()
    @extend_schema(
        operation_id="price_update",
        summary="Change a price",
        tags=["Stock"],
        request=PriceData,
        responses={200: PriceOutput, 404: examples.NO_VARIANT, 409: examples.PRICE_MOVED},
        examples=[
            OpenApiExample("A new price", request_only=True, value={"price_minor": 1_950_000}),
            OpenApiExample(
                "Only if it is still the old one",
                request_only=True,
                value={"price_minor": 1_950_000, "if_price_minor": 1_850_000},
            ),
            answer("The price now", examples.PRICE),
        ],
    )
    def patch(self, request: Request, variant_id: UUID) -> Response:
        """Set the price of a variant, in minor units of the shop's currency.

        With `if_price_minor`, it is written only as long as it is the current price. An earlier price that is no longer
        above it is removed.
        """
        data, shop = PriceData(data=request.data), shop_of(request)
        data.is_valid(raise_exception=True)
        variant = set_price(shop=shop, variant_id=variant_id, now=timezone.now(), **data.validated_data)
        return Response(PriceOutput(variant, context={"currency": shop.currency}).data)


def stock_source(user_id: int) -> str:
    """Return the source of a count for the stock's history."""
    return f"user {user_id}"
