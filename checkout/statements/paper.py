"""Statements as pages to print."""

from collections.abc import Sequence

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext, pgettext

from checkout.documents.sheet import GREY, LARGE, SMALL, Block, Column, Sheet, Text
from checkout.statements.linked import LinkedLine
from checkout.statements.titles import Sum, places_of, sums_of, title_of
from gateway.bank_accounts import masked
from kit.money import format_minor
from kit.web.zones import zone_of
from payouts.statements.statement import Statement


def statement_sheet(statement: Statement, lines: Sequence[LinkedLine]) -> Sheet:
    """Return the pages of a statement, in the language that is active."""
    shop = statement.shop
    sheet = Sheet(footer=gettext("%(shop)s on Kasuwa · %(name)s") % {"shop": shop.name, "name": statement.name})
    sheet.columns([Text(shop.name, LARGE, is_bold=True)], _heading(statement), shares=(0.5, 0.5))
    sheet.space(18)
    sheet.sums(_shown(statement, sums_of(statement)))
    if statement.payout is None and (places := places_of(statement)):
        sheet.space(8)
        sheet.paragraph(Text(gettext("Where the closing balance is"), is_bold=True))
        sheet.sums(_shown(statement, places))
    sheet.space(14)
    if lines:
        sheet.table(_columns(), [_row(statement, line) for line in lines])
    else:
        sheet.paragraph(Text(gettext("Nothing moved.")))
    return sheet


def _heading(statement: Statement) -> Block:
    payout = statement.payout
    facts = [gettext("All amounts are in %(currency)s.") % {"currency": statement.currency}]
    if payout is not None:
        facts.insert(0, f"{payout.bank_account.bank_name} {masked(payout.bank_account.number)}")
    return [Text(title_of(statement), 14, is_bold=True), *(Text(each, ink=GREY) for each in facts)]


def _shown(statement: Statement, sums: Sequence[Sum]) -> list[tuple[str, str, bool]]:
    return [(each.label, format_minor(each.amount_minor, statement.currency), each.is_total) for each in sums]


def _columns() -> tuple[Column, ...]:
    return (
        Column(gettext("Date"), 0.14),
        Column(gettext("What"), 0.52),
        Column(pgettext("money", "Change"), 0.17, is_number=True),
        Column(gettext("Balance"), 0.17, is_number=True),
    )


def _row(statement: Statement, line: LinkedLine) -> tuple[Block, ...]:
    day = date_format(localtime(line.line.posted_at, zone_of(country=str(statement.shop.country))), "j M Y")
    return (
        [Text(day)],
        [Text(line.line.label, is_bold=True), Text(line.words, SMALL, ink=GREY)],
        [Text(format_minor(line.line.change_minor, statement.currency), is_bold=True)],
        [Text(format_minor(line.balance_minor, statement.currency))],
    )
