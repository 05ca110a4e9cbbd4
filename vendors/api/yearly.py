"""The shop's yearly tax statements over the API."""

from typing import ClassVar

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from checkout.api import yearly as shared
from kit.api.input import query_of
from payouts.capabilities import VIEW_BALANCE
from payouts.statements.year import parse_year, year_statement
from vendors.access import StaffApi, shop_of


class YearApi(StaffApi):
    """Tax statement of a year."""

    query_class = shared.YearQuery
    capabilities: ClassVar = {"GET": VIEW_BALANCE}

    @extend_schema(
        operation_id="year_statement_read",
        summary="Read your tax statement of a year",
        tags=["Balance"],
        responses=shared.RESPONSES,
        examples=[shared.A_YEAR],
    )
    def get(self, request: Request, year: str) -> HttpResponse | Response:
        """Return sales, refunds, commission with its tax, fees and payouts of a year by month, and what is withheld.

        With `Accept: text/csv` it is sent as a table, with `Accept: application/pdf` as pages to print.
        """
        currency = query_of(request)["currency"]
        statement = year_statement(shop=shop_of(request), year=parse_year(year), currency=currency)
        return shared.answer_year(request, statement)
