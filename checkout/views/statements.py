"""Statements of a shop's money as pages and files; shops and operators see the same."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone

from checkout.statements.files import MOST_PRINTED, statement_csv, statement_pdf
from checkout.statements.linked import linked_lines
from checkout.statements.titles import number_of, period_of, places_of, sums_of, title_of
from kit.web.paging import Window, page_window, pager
from payouts.statements.accounts import paid_accounts
from payouts.statements.statement import Statement

PAGE_SIZE = 50


def statement_file(request: HttpRequest, statement: Statement) -> HttpResponse | None:
    """Return the file that an address asks for by `?as=csv` or `?as=pdf`; None where it asks for the page.

    Raises:
        StatementTooLongError: it has too many lines to be printed.
    """
    asked = request.GET.get("as", "")
    if not asked:
        return None
    if asked == "csv":
        return statement_csv(statement)
    if asked == "pdf":
        return statement_pdf(statement, now=timezone.now())
    raise Http404


def statement_context(request: HttpRequest, statement: Statement) -> dict[str, Any]:
    """Return the data of a statement's page: its sums, and the lines of the page that the address asks for."""
    count = statement.totals.lines
    window = page_window(request, size=PAGE_SIZE)
    window = Window(page=min(window.page, max(-(-count // PAGE_SIZE), 1)), size=PAGE_SIZE)
    return {
        "statement": statement,
        "title": title_of(statement),
        "number": number_of(statement),
        "period": period_of(statement),
        "accounts": paid_accounts(statement),
        "sums": sums_of(statement),
        "places": places_of(statement) if statement.payout is None else [],
        "lines": linked_lines(statement, offset=window.offset, limit=window.size),
        "pager": pager(request, window, count),
        "is_printed": count <= MOST_PRINTED,
    }
