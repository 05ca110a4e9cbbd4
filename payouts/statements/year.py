"""A year of a shop's money, month by month and by cause: of the same lines as its monthly statements."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext

from kit.db.roles import as_platform
from kit.db.sql import fetch_all
from kit.db.statements import load_statement
from kit.errors import NotFoundError
from kit.web.zones import zone_of
from payouts.statements.lines import MOVEMENTS, Causes, Span
from payouts.statements.statement import Month, MonthBalance, parse_month
from tenants.models import Shop

YEAR = MOVEMENTS + load_statement(__package__, "year")
YEARS = re.compile(r"20[0-9]{2}")


@dataclass(frozen=True, slots=True)
class YearMonth:
    """A month of a year, with the changes of the shop's money by cause."""

    month: Month
    causes: Causes


@dataclass(frozen=True, slots=True)
class YearStatement:
    """A year of a shop's money in one currency; months in which nothing moved are left out."""

    shop: Shop
    year: int
    currency: str
    months: tuple[YearMonth, ...]

    @property
    def total(self) -> Causes:
        """Return the sums of the year."""
        return added(each.causes for each in self.months)


def parse_year(text: str) -> int:
    """Return the year that an address names.

    Raises:
        NotFoundError: it names none.
    """
    if YEARS.fullmatch(text) is None:
        raise NotFoundError(gettext("There is no such year. Write it as 2026."))
    return int(text)


@as_platform()  # the market's commission is on none of the shop's accounts
def year_statement(*, shop: Shop, year: int, currency: str = "") -> YearStatement:
    """Return a year's statement, of the days of the shop's zone, by the time of booking, in one statement.

    Args:
        currency: the shop's own where it is left out.
    """
    zone, wanted = zone_of(country=str(shop.country)), currency or shop.currency
    span = Span(
        shop_id=shop.pk,
        currency=wanted,
        is_payable=False,
        since=Month(year, 1).begins_at(zone),
        before=Month(year + 1, 1).begins_at(zone),
    )
    rows = fetch_all(YEAR, {**span.params(), "zone": str(zone)})
    months = tuple(YearMonth(parse_month(month), Causes(*(int(each) for each in sums))) for month, *sums in rows)
    return YearStatement(shop, year, wanted, months)


def years_of(months: Iterable[MonthBalance]) -> list[tuple[int, str]]:
    """Return the years and currencies of some months, in their order."""
    return list(dict.fromkeys((each.month.year, each.currency) for each in months))


def added(causes: Iterable[Causes]) -> Causes:
    """Return the sums of changes, cause by cause."""
    found: Sequence[Causes] = list(causes)
    names = ("sale", "commission", "refund", "fee", "adjustment", "payout", "commission_tax")
    return Causes(**{f"{name}_minor": sum(getattr(each, f"{name}_minor") for each in found) for name in names})
