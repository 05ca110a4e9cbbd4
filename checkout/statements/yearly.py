"""Yearly tax statements in words and as files: turnover, commission with its tax, fees, payouts, and withholding."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from typing import cast

from django.http import HttpResponse
from django.utils.formats import date_format
from django.utils.translation import gettext, pgettext

from checkout.documents.sheet import SMALL, Block, Column, Sheet, Text, as_pdf, fitting_size
from checkout.pricing.tax.port import WithholdingRule, percent
from checkout.pricing.tax.registry import tax_rates
from checkout.statements.files import party_cells, party_header
from checkout.statements.paper import common_facts, footer_of, heading_of
from checkout.statements.titles import Sum, day_of, earned_of, number_of
from kit.money import bare_amount, decimal_amount, format_minor
from kit.text.countries import country_name
from kit.web.pdf import pdf_response
from kit.web.tables import csv_response
from kit.web.zones import zone_of
from payouts.statements.accounts import accounts_in
from payouts.statements.lines import Causes
from payouts.statements.statement import Month
from payouts.statements.year import YearStatement

ALL_BPS = 10_000
AMOUNT_SHARE = 0.125


@dataclass(frozen=True, slots=True)
class Withholding:
    """Withholding of a year by the rule of the shop's country.

    Args:
        rule: the rule that holds on the last day of the year; None where none is known.
        by_rule_minor: the amount that the rule makes of the turnover less refunds; the market withholds nothing itself.
    """

    country: str
    rule: WithholdingRule | None
    by_rule_minor: int

    @property
    def words(self) -> list[str]:
        """Return the withholding in whole sentences."""
        said = {"country": country_name(self.country)}
        if self.rule is None:
            return [gettext("No rule of withholding is known for %(country)s, and nothing was withheld.") % said]
        named = {
            **said,
            "name": gettext(self.rule.name),
            "rate": percent(self.rule.bps),
            "day": date_format(self.rule.starts_on, "j F Y"),
        }
        return [
            gettext("%(country)s: %(name)s, %(rate)s since %(day)s. The market has withheld nothing.") % named,
            gettext("Source: %(source)s") % {"source": self.rule.source},
        ]


def withholding_of(statement: YearStatement) -> Withholding:
    """Return the withholding of a year."""
    country, total = str(statement.shop.country), statement.total
    table = tax_rates().table(country)
    rule = table.withholding_on(date(statement.year, 12, 31)) if table else None
    base = max(total.sale_minor + total.refund_minor, 0)
    return Withholding(country, rule, (base * rule.bps + ALL_BPS // 2) // ALL_BPS if rule else 0)


def title_of_year(statement: YearStatement) -> str:
    """Return the title of a year's statement."""
    return gettext("Tax statement of %(year)s") % {"year": statement.year}


def year_rows(statement: YearStatement) -> list[tuple[str, Causes, bool]]:
    """Return a name and the causes of each month, then of the year, and whether it is the year."""
    months = [(date_format(each.month.first_day, "F Y"), each.causes, False) for each in statement.months]
    return [*months, (gettext("The whole year"), statement.total, True)]


def year_csv(statement: YearStatement) -> HttpResponse:
    """Send a year's statement as a table: a row for each month, and one for the year, which names the withholding."""
    header = (
        *(gettext("Month"), gettext("Sales"), gettext("Refunds"), gettext("Commission")),
        *(gettext("Tax on commission"), gettext("Fees"), gettext("Adjustments"), gettext("Paid out")),
        *(pgettext("money", "Change"), gettext("Currency"), gettext("Withholding by the rule")),
        *(gettext("Rule of withholding"), *party_header()),
    )
    withholding = withholding_of(statement)
    by_rule = decimal_amount(withholding.by_rule_minor, statement.currency) if withholding.rule else ""
    about = party_cells(statement.shop, number_of(statement))
    rows = [(*_cells(statement, str(each.month), each.causes), "", "", *about) for each in statement.months]
    year = _cells(statement, gettext("The whole year"), statement.total)
    rows.append((*year, by_rule, " ".join(withholding.words), *about))
    sent = csv_response(file_name=f"{_file_name(statement)}.csv", header=header, rows=rows)
    return cast("HttpResponse", sent)


def year_pdf(statement: YearStatement, *, now: datetime) -> HttpResponse:
    """Send a year's statement as pages to print, issued now."""
    pages = as_pdf(title=title_of_year(statement), layouts=[partial(_sheet, statement, now)])
    return pdf_response(pages, file_name=f"{_file_name(statement)}.pdf")


def _cells(statement: YearStatement, name: str, causes: Causes) -> tuple[object, ...]:
    amounts = (*_printed(causes), causes.change_minor)
    return (name, *(decimal_amount(minor, statement.currency) for minor in amounts), statement.currency)


def _sheet(statement: YearStatement, now: datetime) -> Sheet:
    shop = statement.shop
    sheet = Sheet(footer=footer_of(shop, number_of(statement)))
    zone = zone_of(country=str(shop.country))
    since, before = Month(statement.year, 1).begins_at(zone), Month(statement.year + 1, 1).begins_at(zone)
    accounts = accounts_in(shop_id=shop.pk, currency=statement.currency, since=since, before=before)
    facts = _facts(statement, since, before, now)
    heading_of(sheet, shop, title=title_of_year(statement), facts=facts, accounts=accounts)
    rows = year_rows(statement)
    words = [bare_amount(minor) for _, causes, _ in rows for minor in _printed(causes)]
    size = fitting_size(words, share=AMOUNT_SHARE, size=SMALL)
    sheet.table(_columns(), [_row(name, causes, size, is_total=is_year) for name, causes, is_year in rows])
    sheet.space(12)
    total = statement.total
    sums = [*earned_of(total), Sum(gettext("Paid out"), total.payout_minor)]
    sums = [*(each for each in sums if each.amount_minor), Sum(pgettext("money", "Change"), total.change_minor, True)]
    sheet.sums((each.label, format_minor(each.amount_minor, statement.currency), each.is_total) for each in sums)
    sheet.space(12)
    withholding = withholding_of(statement)
    if withholding.rule:
        amount = {"amount": format_minor(withholding.by_rule_minor, statement.currency)}
        sheet.paragraph(Text(gettext("By the rule it would be %(amount)s of the sales less refunds.") % amount))
    for text in withholding.words:
        sheet.paragraph(Text(text))
    return sheet


def _facts(statement: YearStatement, since: datetime, before: datetime, now: datetime) -> list[str]:
    shop = statement.shop
    days = {"first": day_of(since, shop), "last": day_of(before - timedelta(seconds=1), shop)}
    period = gettext("%(first)s to %(last)s") % days
    facts = common_facts(statement, period=period, moment=since, now=now)
    return [*facts, gettext("The year is not over yet: these are the figures so far.")] if before > now else facts


def _columns() -> tuple[Column, ...]:
    """Return the columns; seven amounts go side by side without the currency's sign, which stands above them."""
    labels = (
        *(gettext("Sales"), gettext("Refunds"), gettext("Commission"), gettext("Its tax")),
        *(gettext("Fees"), gettext("Adjustments"), gettext("Paid out")),
    )
    return (Column(gettext("Month"), 0.125), *(Column(label, AMOUNT_SHARE, is_number=True) for label in labels))


def _printed(causes: Causes) -> tuple[int, ...]:
    return (
        *(causes.sale_minor, causes.refund_minor, causes.commission_minor, causes.commission_tax_minor),
        *(causes.fee_minor, causes.adjustment_minor, causes.payout_minor),
    )


def _row(name: str, causes: Causes, size: float, *, is_total: bool) -> Sequence[Block]:
    amounts = ([Text(bare_amount(minor), size, is_bold=is_total)] for minor in _printed(causes))
    return [[Text(name, SMALL, is_bold=is_total)], *amounts]


def _file_name(statement: YearStatement) -> str:
    return f"tax-statement-{statement.shop.slug}-{statement.year}"
