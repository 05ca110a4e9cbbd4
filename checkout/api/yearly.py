"""Yearly tax statements over the API, as JSON, CSV or PDF; shops and operators read the same."""

from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.access import django_request
from checkout.api.documents import PDF_FILE
from checkout.api.statements import CSV_FILE
from checkout.serializers.yearly import YEAR, YearOutput
from checkout.statements.titles import number_of
from checkout.statements.yearly import withholding_of, year_csv, year_pdf
from kit.api.formats import CSV, NotAcceptableError, asked_format
from kit.api.input import Query
from kit.api.openapi import INVALID
from kit.api.refusals import answer, refusals
from kit.errors import NotFoundError
from kit.text.serializers import CurrencyField
from kit.web.pdf import PDF
from payouts.statements.year import YearStatement

RESPONSES: dict[Any, Any] = {
    (200, "application/json"): YearOutput,
    (200, "text/csv"): CSV_FILE,
    (200, "application/pdf"): PDF_FILE,
    400: INVALID,
    **refusals(NotFoundError, NotAcceptableError),
}
A_YEAR = answer("A year", YEAR)


class YearQuery(Query):
    """Currency of a year's statement."""

    currency = CurrencyField(required=False, default="", help_text="The shop's own where it is left out.")


def answer_year(request: Request, statement: YearStatement) -> HttpResponse | Response:
    """Answer with a year's statement in the format that the caller accepts.

    Raises:
        NotAcceptableError: they accept none of them.
    """
    wanted = asked_format(django_request(request))
    if wanted == CSV:
        return year_csv(statement)
    if wanted == PDF:
        return year_pdf(statement, now=timezone.now())
    withholding = withholding_of(statement)
    rule = withholding.rule
    shown = {
        "number": number_of(statement),
        "year": statement.year,
        "currency": statement.currency,
        "months": statement.months,
        "total": statement.total,
        "withholding": {
            "country": withholding.country,
            "name": rule.name if rule else "",
            "rate_bps": rule.bps if rule else None,
            "starts_on": rule.starts_on if rule else None,
            "source": rule.source if rule else "",
            "by_rule_minor": withholding.by_rule_minor,
            "withheld_minor": 0,
        },
    }
    return Response(YearOutput(shown).data, headers={"Vary": "Accept"})
