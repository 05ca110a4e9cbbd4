"""Yearly tax statements as pages and files; shops and operators see the same."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone

from checkout.statements.titles import number_of
from checkout.statements.yearly import title_of_year, withholding_of, year_csv, year_pdf, year_rows
from payouts.statements.year import YearStatement


def year_file(request: HttpRequest, statement: YearStatement) -> HttpResponse | None:
    """Return the file that an address asks for by `?as=csv` or `?as=pdf`; None where it asks for the page."""
    asked = request.GET.get("as", "")
    if not asked:
        return None
    if asked == "csv":
        return year_csv(statement)
    if asked == "pdf":
        return year_pdf(statement, now=timezone.now())
    raise Http404


def year_context(statement: YearStatement) -> dict[str, Any]:
    """Return the data of a year's page."""
    return {
        "statement": statement,
        "title": title_of_year(statement),
        "number": number_of(statement),
        "rows": year_rows(statement),
        "withholding": withholding_of(statement),
    }
