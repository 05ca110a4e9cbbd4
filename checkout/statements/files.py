"""Statements as files: a table for spreadsheets, streamed, and pages to print."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import partial
from typing import cast

from django.http import HttpResponse
from django.utils.timezone import localtime
from django.utils.translation import get_language, gettext, pgettext

from checkout.errors import StatementTooLongError
from checkout.statements.linked import LinkedLine, all_linked_lines, linked_lines
from checkout.statements.titles import title_of
from kit.money import MINOR_PER_MAJOR
from kit.text.languages import speaking
from kit.web.pdf import pdf_response
from kit.web.tables import csv_response
from kit.web.zones import zone_of
from payouts.statements.statement import Statement

# Lines that are printed: half a second's work. Longer statements are read as a table.
MOST_PRINTED = 1_000


def statement_csv(statement: Statement) -> HttpResponse:
    """Send a statement as a table, line by line as it is read, between its balances."""
    statement.totals  # noqa: B018 - read before the answer begins, so that a failure is still an error page
    header = (
        *(gettext("Date"), gettext("What"), gettext("Order"), gettext("Explanation"), pgettext("money", "Sale")),
        *(gettext("Commission"), gettext("Tax on commission"), pgettext("money", "Refund"), gettext("Fee")),
        *(gettext("Adjustment"), gettext("Payout"), pgettext("money", "Change")),
        *(gettext("Balance"), gettext("Currency")),
    )
    rows = _rows(statement, get_language() or "en")
    return cast("HttpResponse", csv_response(file_name=f"{file_name(statement)}.csv", header=header, rows=rows))


def statement_pdf(statement: Statement) -> HttpResponse:
    """Send a statement as pages to print.

    Raises:
        StatementTooLongError: it has too many lines to be printed.
    """
    from checkout.documents.sheet import as_pdf
    from checkout.statements.paper import statement_sheet

    if statement.totals.lines > MOST_PRINTED:
        raise StatementTooLongError
    lines = linked_lines(statement, limit=MOST_PRINTED)
    pages = as_pdf(title=title_of(statement), layouts=[partial(statement_sheet, statement, lines)])
    return pdf_response(pages, file_name=f"{file_name(statement)}.pdf")


def file_name(statement: Statement) -> str:
    """Return the name of a statement's file, without its ending."""
    return f"statement-{statement.shop.slug}-{statement.name}"


def _rows(statement: Statement, language: str) -> Iterator[Sequence[object]]:
    """Yield the rows; they are read while the answer is sent, when language and zone of the request are gone."""
    zone = zone_of(country=str(statement.shop.country))
    with speaking(language):
        yield _balance(statement, gettext("Opening balance"), statement.opening_minor)
    lines = all_linked_lines(statement)
    while True:
        with speaking(language):
            line = next(lines, None)
            if line is None:
                break
            row = _row(line, statement.currency, str(localtime(line.line.posted_at, zone).replace(tzinfo=None)))
        yield row
    with speaking(language):
        yield _balance(statement, gettext("Closing balance"), statement.closing_minor)


def _balance(statement: Statement, label: str, minor: int) -> Sequence[object]:
    return ("", label, *[""] * 10, _amount(minor), statement.currency)


def _row(line: LinkedLine, currency: str, at: str) -> Sequence[object]:
    causes = line.causes
    amounts = (
        *(causes.sale_minor, causes.commission_minor, causes.commission_tax_minor, causes.refund_minor),
        *(causes.fee_minor, causes.adjustment_minor, causes.payout_minor, causes.change_minor, line.balance_minor),
    )
    return (at[:16], line.line.label, line.number, line.words, *map(_amount, amounts), currency)


def _amount(minor: int) -> Decimal:
    return Decimal(minor) / MINOR_PER_MAJOR
