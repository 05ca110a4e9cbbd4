"""Statements of a shop's money over the API, as JSON, CSV or PDF; shops and operators read the same."""

from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.access import django_request
from checkout.api.documents import PDF_FILE
from checkout.api.statement_examples import MONTH_BALANCE, PAYOUT_STATEMENT
from checkout.errors import StatementTooLongError
from checkout.serializers.statements import MonthBalanceOutput, StatementOutput
from checkout.statements.files import statement_csv, statement_pdf
from checkout.statements.linked import linked_lines
from checkout.statements.titles import number_of
from kit.api.formats import CSV, NotAcceptableError, asked_format
from kit.api.input import PageQuery
from kit.api.lists import asked_window, page_body
from kit.api.openapi import INVALID
from kit.api.refusals import answer, refusals
from kit.errors import NotFoundError
from kit.text.serializers import CurrencyField
from kit.web.pdf import PDF
from payouts.statements.statement import Statement
from tenants.errors import ShopNotFoundError

CSV_FILE = OpenApiResponse(OpenApiTypes.STR, "All lines as a table, for callers that send `Accept: text/csv`.")
RESPONSES: dict[Any, Any] = {
    (200, "application/json"): StatementOutput,
    (200, "text/csv"): CSV_FILE,
    (200, "application/pdf"): PDF_FILE,
    400: INVALID,
    **refusals(NotFoundError, NotAcceptableError, StatementTooLongError),
}
NO_MONTH_OR_SHOP = refusals(ShopNotFoundError, NotFoundError)
MONTHS: dict[Any, Any] = {200: MonthBalanceOutput(many=True)}
A_PAYOUT = answer("Of a payout", PAYOUT_STATEMENT)
A_MONTH = answer(
    "Of a month",
    PAYOUT_STATEMENT
    | {"number": "SM-7-2025-11-NGN", "kind": "month", "month": "2025-11", "payout_id": None}
    | {"paid_minor": 0, "count": 0, "lines": []},
)
SOME_MONTHS = answer("A month", [MONTH_BALANCE])


class LinesQuery(PageQuery):
    """Page of a statement's lines."""


class MonthQuery(PageQuery):
    """Page of a month's lines, and its currency."""

    currency = CurrencyField(required=False, default="", help_text="The shop's own where it is left out.")


def answer_statement(request: Request, statement: Statement) -> HttpResponse | Response:
    """Answer with a statement in the format that the caller accepts.

    Raises:
        NotAcceptableError: they accept none of them.
        StatementTooLongError: it has too many lines to be printed.
    """
    wanted = asked_format(django_request(request))
    if wanted == CSV:
        return statement_csv(statement)
    if wanted == PDF:
        return statement_pdf(statement, now=timezone.now())
    window = asked_window(request)
    lines = linked_lines(statement, offset=window.offset, limit=window.size)
    pages = page_body(request, count=statement.totals.lines, results=lines)
    shown = {
        "number": number_of(statement),
        "kind": "payout" if statement.payout else "month",
        "month": str(statement.month) if statement.month else None,
        "payout_id": statement.payout.pk if statement.payout else None,
        "currency": statement.currency,
        "opening_minor": statement.opening_minor,
        "totals": statement.totals,
        "closing_minor": statement.closing_minor,
        "next": pages["next"],
        "previous": pages["previous"],
        "lines": pages["results"],
    }
    return Response(StatementOutput(shown).data, headers={"Vary": "Accept"})
