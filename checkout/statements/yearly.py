"""Yearly tax statements in words and as files: turnover, commission with its tax, fees, payouts, and withholding."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import partial
from typing import cast

from django.http import HttpResponse
from django.utils.formats import date_format
from django.utils.translation import gettext, pgettext

from checkout.documents.sheet import GREY, LARGE, Column, Sheet, Text, as_pdf
from checkout.pricing.tax.port import WithholdingRule, percent
from checkout.pricing.tax.registry import tax_rates
from kit.money import MINOR_PER_MAJOR, format_minor
from kit.text.countries import country_name
from kit.web.pdf import pdf_response
from kit.web.tables import csv_response
from payouts.statements.lines import Causes
from payouts.statements.year import YearStatement

ALL_BPS = 10_000


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
            "name": self.rule.name,
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
    """Send a year's statement as a table."""
    header = (
        *(gettext("Month"), gettext("Sales"), gettext("Refunds"), gettext("Commission")),
        *(gettext("Tax on commission"), gettext("Fees"), gettext("Adjustments"), gettext("Paid out")),
        *(pgettext("money", "Change"), gettext("Currency")),
    )
    rows = [(name, *map(_amount, _figures(causes)), statement.currency) for name, causes, _ in year_rows(statement)]
    withheld = [(text, *[""] * 9) for text in withholding_of(statement).words]
    sent = csv_response(file_name=f"{_file_name(statement)}.csv", header=header, rows=[*rows, *withheld])
    return cast("HttpResponse", sent)


def year_pdf(statement: YearStatement) -> HttpResponse:
    """Send a year's statement as pages to print."""
    pages = as_pdf(title=title_of_year(statement), layouts=[partial(_sheet, statement)])
    return pdf_response(pages, file_name=f"{_file_name(statement)}.pdf")


def _figures(causes: Causes) -> tuple[int, ...]:
    return (
        *(causes.sale_minor, causes.refund_minor, causes.commission_minor, causes.commission_tax_minor),
        *(causes.fee_minor, causes.adjustment_minor, causes.payout_minor, causes.change_minor),
    )


def _sheet(statement: YearStatement) -> Sheet:
    shop = statement.shop
    sheet = Sheet(footer=gettext("%(shop)s on Kasuwa · %(name)s") % {"shop": shop.name, "name": statement.year})
    currency = gettext("All amounts are in %(currency)s.") % {"currency": statement.currency}
    heading = [Text(title_of_year(statement), 14, is_bold=True), Text(currency, ink=GREY)]
    sheet.columns([Text(shop.name, LARGE, is_bold=True)], heading, shares=(0.5, 0.5))
    sheet.space(18)
    sheet.table(
        (
            Column(gettext("Month"), 0.2),
            *(Column(label, 0.16, is_number=True) for label in (gettext("Sales"), gettext("Refunds"))),
            *(Column(label, 0.16, is_number=True) for label in (gettext("Commission"), gettext("Its tax"))),
            Column(gettext("Paid out"), 0.16, is_number=True),
        ),
        [_row(statement, name, causes, is_total=is_total) for name, causes, is_total in year_rows(statement)],
    )
    sheet.space(12)
    total = statement.total
    sheet.sums(
        (label, format_minor(minor, statement.currency), False)
        for label, minor in ((gettext("Fees"), total.fee_minor), (gettext("Adjustments"), total.adjustment_minor))
    )
    sheet.space(12)
    for text in withholding_of(statement).words:
        sheet.paragraph(Text(text))
    return sheet


def _row(statement: YearStatement, name: str, causes: Causes, *, is_total: bool) -> Sequence[list[Text]]:
    amounts = (
        *(causes.sale_minor, causes.refund_minor, causes.commission_minor),
        *(causes.commission_tax_minor, causes.payout_minor),
    )
    cells = (name, *(format_minor(minor, statement.currency) for minor in amounts))
    return [[Text(cell, is_bold=is_total)] for cell in cells]


def _amount(minor: int) -> Decimal:
    return Decimal(minor) / MINOR_PER_MAJOR


def _file_name(statement: YearStatement) -> str:
    return f"tax-statement-{statement.shop.slug}-{statement.year}"
