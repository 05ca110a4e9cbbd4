"""Statements as files: a table for spreadsheets, streamed, and pages to print."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import partial
from typing import cast

from django.http import HttpResponse
from django.utils.timezone import localtime
from django.utils.translation import get_language, gettext, pgettext

from checkout.errors import StatementTooLongError
from checkout.statements.linked import LinkedLine, all_linked_lines, linked_lines
from checkout.statements.parties import market_party, shop_party
from checkout.statements.titles import number_of, title_of
from kit.money import decimal_amount
from kit.text.languages import speaking
from kit.web.pdf import pdf_response
from kit.web.tables import csv_response
from kit.web.zones import zone_of
from payouts.statements.accounts import paid_accounts
from payouts.statements.statement import Statement
from tenants.models import Shop

# Lines that are printed: half a second's work. Longer statements are read as a table.
MOST_PRINTED = 1_000


def statement_csv(statement: Statement) -> HttpResponse:
    """Send a statement as a table, line by line as it is read, between its balances."""
    statement.totals  # noqa: B018 - read before the answer begins, so that a failure is still an error page
    header = (
        *(gettext("Date"), gettext("What"), gettext("Order"), gettext("Explanation"), pgettext("money", "Sale")),
        *(gettext("Commission"), gettext("Tax on commission"), pgettext("money", "Refund"), gettext("Fee")),
        *(gettext("Adjustment"), gettext("Payout"), pgettext("money", "Change")),
        *(gettext("Balance"), gettext("Currency"), gettext("Booked at"), *party_header(), gettext("Bank account")),
    )
    accounts = " · ".join(each.label for each in paid_accounts(statement))
    about = (*party_cells(statement.shop, number_of(statement)), accounts)
    rows = _rows(statement, about, get_language() or "en")
    return cast("HttpResponse", csv_response(file_name=f"{file_name(statement)}.csv", header=header, rows=rows))


def statement_pdf(statement: Statement, *, now: datetime) -> HttpResponse:
    """Send a statement as pages to print, issued now.

    Raises:
        StatementTooLongError: it has too many lines to be printed.
    """
    from checkout.documents.sheet import as_pdf
    from checkout.statements.paper import statement_sheet

    if statement.totals.lines > MOST_PRINTED:
        raise StatementTooLongError
    lines = linked_lines(statement, limit=MOST_PRINTED)
    pages = as_pdf(title=title_of(statement), layouts=[partial(statement_sheet, statement, lines, now)])
    return pdf_response(pages, file_name=f"{file_name(statement)}.pdf")


def file_name(statement: Statement) -> str:
    """Return the name of a statement's file, without its ending."""
    return f"statement-{statement.shop.slug}-{statement.name}"


def party_header() -> tuple[str, ...]:
    """Return the names of the columns that say in each row whose statement it is of."""
    return (
        *(gettext("Statement number"), gettext("Market"), gettext("Tax number of the market")),
        *(gettext("Shop"), gettext("Tax number of the shop")),
    )


def party_cells(shop: Shop, number: str) -> tuple[str, ...]:
    """Return the cells below `party_header`."""
    market, own = market_party(country=str(shop.country)), shop_party(shop)
    return (number, market.name, market.tax_number, own.name, own.tax_number)


def _rows(statement: Statement, about: Sequence[str], language: str) -> Iterator[Sequence[object]]:
    """Yield the rows; they are read while the answer is sent, when language and zone of the request are gone."""
    zone = zone_of(country=str(statement.shop.country))
    with speaking(language):
        yield _balance(statement, gettext("Opening balance"), statement.opening_minor, about)
    lines = all_linked_lines(statement)
    while True:
        with speaking(language):
            line = next(lines, None)
            if line is None:
                break
            row = _row(line, statement.currency, localtime(line.line.posted_at, zone))
        yield (*row, *about)
    with speaking(language):
        yield _balance(statement, gettext("Closing balance"), statement.closing_minor, about)


def _balance(statement: Statement, label: str, minor: int, about: Sequence[str]) -> Sequence[object]:
    return ("", label, *[""] * 10, decimal_amount(minor, statement.currency), statement.currency, "", *about)


def _row(line: LinkedLine, currency: str, at: datetime) -> Sequence[object]:
    causes = line.causes
    amounts = (
        *(causes.sale_minor, causes.commission_minor, causes.commission_tax_minor, causes.refund_minor),
        *(causes.fee_minor, causes.adjustment_minor, causes.payout_minor, causes.change_minor, line.balance_minor),
    )
    shown = [decimal_amount(minor, currency) for minor in amounts]
    named = (at.date().isoformat(), line.line.label, line.number, line.words)
    return (*named, *shown, currency, at.isoformat(timespec="seconds"))
