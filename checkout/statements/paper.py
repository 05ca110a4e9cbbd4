"""Statements as pages to print: whose they are, from balance to balance, and line by line."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.timezone import localtime
from django.utils.translation import gettext, pgettext

from checkout.documents.sheet import GREY, LARGE, SIZE, SMALL, Block, Column, Sheet, Text, fitting_size
from checkout.statements.linked import LinkedLine
from checkout.statements.parties import Party, market_party, shop_party
from checkout.statements.titles import (
    Sum,
    causes_of,
    day_of,
    number_of,
    period_of,
    places_of,
    sums_of,
    title_of,
    zone_words,
)
from kit.money import format_minor
from kit.text.dates import written_date
from kit.web.zones import zone_of
from payouts.statements.accounts import PaidAccount, paid_accounts
from payouts.statements.statement import Statement
from payouts.statements.year import YearStatement
from tenants.models import Shop

AMOUNT_SHARE = 0.16


def statement_sheet(statement: Statement, lines: Sequence[LinkedLine], now: datetime) -> Sheet:
    """Return the pages of a statement, in the language that is active."""
    sheet = Sheet(footer=footer_of(statement.shop, number_of(statement)))
    facts, accounts = _facts(statement, now), paid_accounts(statement)
    heading_of(sheet, statement.shop, title=title_of(statement), facts=facts, accounts=accounts)
    sheet.sums(_shown(statement, sums_of(statement)))
    if statement.payout is None and (places := places_of(statement)):
        sheet.space(8)
        sheet.paragraph(Text(gettext("Where the closing balance is"), is_bold=True))
        sheet.sums(_shown(statement, places))
    sheet.space(14)
    if lines:
        size = _amount_size(statement, lines)
        sheet.table(_columns(), [_row(statement, line, size) for line in lines])
    else:
        sheet.paragraph(Text(gettext("No movements.")))
    return sheet


def footer_of(shop: Shop, number: str) -> str:
    """Return the words at the foot of each page."""
    return gettext("%(number)s · %(shop)s on Kasuwa") % {"number": number, "shop": shop.name}


def heading_of(sheet: Sheet, shop: Shop, *, title: str, facts: Sequence[str], accounts: Sequence[PaidAccount]) -> None:
    """Write the parties: the market beside the title, the shop beside the accounts of its payouts.

    Args:
        facts: its number first.
    """
    number, *others = facts
    named = [Text(title, 14, is_bold=True), Text(number, 11, is_bold=True), *(Text(each, ink=GREY) for each in others)]
    sheet.columns(_party(market_party(country=str(shop.country)), LARGE), named, shares=(0.52, 0.48))
    sheet.space(16)
    own = [Text(gettext("Statement for"), SMALL, ink=GREY), *_party(shop_party(shop), 11)]
    sheet.columns(own, _accounts(accounts), shares=(0.52, 0.48))
    sheet.space(16)


def _party(party: Party, size: float) -> Block:
    return [Text(party.name, size, is_bold=True), *map(Text, party.lines)]


def _accounts(accounts: Sequence[PaidAccount]) -> Block:
    said = []
    for each in accounts:
        said += [Text(f"{each.bank_name} {each.number}", is_bold=True), Text(each.holder_name)]
        if each.reference:
            said.append(Text(gettext("Reference %(reference)s") % {"reference": each.reference}))
    return [Text(gettext("Bank account"), SMALL, ink=GREY), *said] if said else []


def common_facts(statement: Statement | YearStatement, *, period: str, moment: datetime, now: datetime) -> list[str]:
    """Return the facts that every statement begins with, its number first.

    Args:
        moment: of its period, for the offset of its zone.
    """
    shop = statement.shop
    return [
        number_of(statement),
        gettext("Date of issue: %(date)s") % {"date": day_of(now, shop)},
        gettext("Period: %(period)s") % {"period": period},
        gettext("Time zone: %(zone)s") % {"zone": zone_words(shop, moment)},
        gettext("All amounts are in %(currency)s.") % {"currency": statement.currency},
    ]


def _facts(statement: Statement, now: datetime) -> list[str]:
    payout = statement.payout
    moment = statement.span.since or (payout.created_at if payout else now)
    facts = common_facts(statement, period=period_of(statement), moment=moment, now=now)
    if payout is not None:
        status = {"status": payout.get_status_display(), "date": day_of(payout.status_at, statement.shop)}
        facts.append(gettext("Status of the payout: %(status)s, %(date)s") % status)
    elif statement.span.before is not None and statement.span.before > now:
        facts.append(gettext("The month is not over yet: these are the figures so far."))
    return facts


def _shown(statement: Statement, sums: Sequence[Sum]) -> list[tuple[str, str, bool]]:
    return [(each.label, format_minor(each.amount_minor, statement.currency), each.is_total) for each in sums]


def _columns() -> tuple[Column, ...]:
    return (
        Column(gettext("Date"), 0.15),
        Column(gettext("Order"), 0.19),
        Column(gettext("What"), 0.34),
        Column(pgettext("money", "Change"), AMOUNT_SHARE, is_number=True),
        Column(gettext("Balance"), AMOUNT_SHARE, is_number=True),
    )


def _amount_size(statement: Statement, lines: Sequence[LinkedLine]) -> float:
    amounts = {each.line.change_minor for each in lines} | {each.balance_minor for each in lines}
    words = (format_minor(each, statement.currency) for each in amounts)
    return fitting_size(words, share=AMOUNT_SHARE, size=SIZE)


def _row(statement: Statement, line: LinkedLine, size: float) -> tuple[Block, ...]:
    at = localtime(line.line.posted_at, zone_of(country=str(statement.shop.country)))
    what = [Text(line.line.label, is_bold=True), Text(line.words, SMALL, ink=GREY)]
    if len(parts := causes_of(line.causes)) > 1:
        amounts = (f"{each.label} {format_minor(each.amount_minor, statement.currency)}" for each in parts)
        what.append(Text(" · ".join(amounts), SMALL, ink=GREY))
    return (
        [Text(written_date(at, "j M Y")), Text(f"{at:%H:%M}", SMALL, ink=GREY)],
        [Text(line.number, SMALL)] if line.number else (),
        what,
        [Text(format_minor(line.line.change_minor, statement.currency), size, is_bold=True)],
        [Text(format_minor(line.balance_minor, statement.currency), size)],
    )
