"""Yearly tax statements of any shop over the operators' API."""

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from checkout.api import yearly as shared
from checkout.api.statements import NO_MONTH_OR_SHOP
from console.access import OperatorApi
from kit.api.input import query_of
from payouts.statements.year import parse_year, year_statement
from tenants.shops.selectors import get_shop_by_slug


class OperatorYearApi(OperatorApi):
    """Tax statement of a year of a shop."""

    query_class = shared.YearQuery

    @extend_schema(
        operation_id="operator_year_statement_read",
        summary="Read a shop's tax statement of a year",
        tags=["Operators: payouts"],
        responses={**shared.RESPONSES, **NO_MONTH_OR_SHOP},
        examples=[shared.A_YEAR],
    )
    def get(self, request: Request, slug: str, year: str) -> HttpResponse | Response:
        """Return a year of a shop's money by month, as the shop reads it; as CSV or PDF by `Accept`."""
        shop = get_shop_by_slug(slug)
        statement = year_statement(shop=shop, year=parse_year(year), currency=query_of(request)["currency"])
        return shared.answer_year(request, statement)
