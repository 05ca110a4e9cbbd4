"""The shop's statements over the API."""

from typing import ClassVar
from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from checkout.api import statements as shared
from checkout.serializers.statements import MonthBalanceOutput
from kit.api.input import query_of
from payouts.capabilities import VIEW_BALANCE
from payouts.statements.statement import month_statement, months_of, parse_month, payout_statement
from vendors.access import StaffApi, shop_of

TAGS = ["Balance"]


class PayoutStatementApi(StaffApi):
    """Statement of a payout."""

    query_class = shared.LinesQuery
    capabilities: ClassVar = {"GET": VIEW_BALANCE}

    @extend_schema(
        operation_id="payout_statement_read",
        summary="Read the statement of a payout",
        tags=TAGS,
        responses=shared.RESPONSES,
        examples=[shared.A_PAYOUT],
    )
    def get(self, request: Request, payout_id: UUID) -> HttpResponse | Response:
        """Return every line that a payout pays, since the payout before it.

        With `Accept: text/csv` all lines are sent as a table, with `Accept: application/pdf` as pages to print.
        """
        return shared.answer_statement(request, payout_statement(shop=shop_of(request), payout_id=payout_id))


class StatementListApi(StaffApi):
    """Monthly statements."""

    capabilities: ClassVar = {"GET": VIEW_BALANCE}

    @extend_schema(
        operation_id="statements_list",
        summary="List your monthly statements",
        tags=TAGS,
        responses=shared.MONTHS,
        examples=[shared.SOME_MONTHS],
    )
    def get(self, request: Request) -> Response:
        """Return the months in which your money moved, the newest first; each currency by itself."""
        return Response(MonthBalanceOutput(months_of(shop=shop_of(request), now=timezone.now()), many=True).data)


class StatementApi(StaffApi):
    """Statement of a month."""

    query_class = shared.MonthQuery
    capabilities: ClassVar = {"GET": VIEW_BALANCE}

    @extend_schema(
        operation_id="statement_read",
        summary="Read the statement of a month",
        tags=TAGS,
        responses=shared.RESPONSES,
        examples=[shared.A_MONTH],
    )
    def get(self, request: Request, month: str) -> HttpResponse | Response:
        """Return all that changed your money in a month, such as `2026-03`, of your shop's time zone.

        With `Accept: text/csv` all lines are sent as a table, with `Accept: application/pdf` as pages to print.
        """
        currency = query_of(request)["currency"]
        statement = month_statement(shop=shop_of(request), month=parse_month(month), currency=currency)
        return shared.answer_statement(request, statement)
