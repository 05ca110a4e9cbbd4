"""Statements of any shop over the operators' API."""

from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from checkout.api import statements as shared
from checkout.serializers.statements import MonthBalanceOutput
from console.access import OperatorApi
from kit.api.input import query_of
from kit.api.refusals import refusals
from payouts.selectors.payouts import get_payout
from payouts.statements.statement import month_statement, months_of, parse_month, payout_statement
from tenants.errors import ShopNotFoundError
from tenants.shops.selectors import get_shop_by_slug

TAGS = ["Operators: payouts"]


class OperatorPayoutStatementApi(OperatorApi):
    """Statement of a payout."""

    query_class = shared.LinesQuery

    @extend_schema(
        operation_id="operator_payout_statement_read",
        summary="Read the statement of a payout",
        tags=TAGS,
        responses=shared.RESPONSES,
        examples=[shared.A_PAYOUT],
    )
    def get(self, request: Request, payout_id: UUID) -> HttpResponse | Response:
        """Return every line that a payout pays, as its shop reads it; as CSV or PDF by `Accept`."""
        shop = get_payout(payout_id=payout_id).shop
        return shared.answer_statement(request, payout_statement(shop=shop, payout_id=payout_id))


class OperatorStatementListApi(OperatorApi):
    """Monthly statements of a shop."""

    @extend_schema(
        operation_id="operator_statements_list",
        summary="List a shop's monthly statements",
        tags=TAGS,
        responses={**shared.MONTHS, **refusals(ShopNotFoundError)},
        examples=[shared.SOME_MONTHS],
    )
    def get(self, _request: Request, slug: str) -> Response:
        """Return the months in which a shop's money moved, the newest first; each currency by itself."""
        months = months_of(shop=get_shop_by_slug(slug), now=timezone.now())
        return Response(MonthBalanceOutput(months, many=True).data)


class OperatorStatementApi(OperatorApi):
    """Statement of a month of a shop."""

    query_class = shared.MonthQuery

    @extend_schema(
        operation_id="operator_statement_read",
        summary="Read a shop's statement of a month",
        tags=TAGS,
        responses={**shared.RESPONSES, **shared.NO_MONTH_OR_SHOP},
        examples=[shared.A_MONTH],
    )
    def get(self, request: Request, slug: str, month: str) -> HttpResponse | Response:
        """Return all that changed a shop's money in a month, as the shop reads it; as CSV or PDF by `Accept`."""
        shop = get_shop_by_slug(slug)
        statement = month_statement(shop=shop, month=parse_month(month), currency=query_of(request)["currency"])
        return shared.answer_statement(request, statement)
