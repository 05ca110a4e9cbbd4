"""Statements: of a payout, what it pays since the one before it; of a month, all that moved the shop's money."""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.translation import gettext

from kit.db.roles import as_platform
from kit.db.sql import fetch_all
from kit.db.statements import load_statement
from kit.errors import NotFoundError
from kit.web.zones import zone_of
from payouts.models import Journal, JournalKind, Payout, Transfer
from payouts.statements.lines import Places, Span, Totals, read_totals
from tenants.models import Shop

MONTHS = load_statement(__package__, "months")
MONTH = re.compile(r"(20[0-9]{2})-(0[1-9]|1[0-2])")


@dataclass(frozen=True, slots=True)
class Month:
    """A month of a calendar."""

    year: int
    number: int

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.number:02d}"

    @property
    def first_day(self) -> date:
        """Return its first day."""
        return date(self.year, self.number, 1)

    @property
    def next(self) -> "Month":
        """Return the month after it."""
        return month_of(self.first_day + timedelta(days=31))

    def begins_at(self, zone: ZoneInfo) -> datetime:
        """Return its first moment in a zone."""
        return datetime(self.year, self.number, 1, tzinfo=zone)


@dataclass(frozen=True)
class Statement:
    """A statement of a shop's money in one currency.

    Args:
        name: for files and titles: the payout's id, or the month.
        payout: the payout that it is of; None for a month.
        month: the month that it is of; None for a payout.
        begins_at: of a payout's statement the time of the payout before it; None where it is the first.
    """

    shop: Shop
    span: Span
    name: str
    payout: Payout | None = None
    month: Month | None = None
    begins_at: datetime | None = None

    @cached_property
    def totals(self) -> Totals:
        """Return balances and sums, read once."""
        return read_totals(self.span)

    @property
    def currency(self) -> str:
        """Return its currency."""
        return self.span.currency

    @property
    def opening_minor(self) -> int:
        """Return the balance before its first line."""
        return self._balance(self.totals.opening)

    @property
    def closing_minor(self) -> int:
        """Return the balance after its last line."""
        return self._balance(self.totals.closing)

    @property
    def earlier_payouts_minor(self) -> int:
        """Return the amount that other payouts gave back or took in a payout's statement."""
        return self.totals.causes.payout_minor - self.totals.paid_minor

    def _balance(self, places: Places) -> int:
        return places.payable_minor if self.span.is_payable else places.total_minor


@dataclass(frozen=True, slots=True)
class MonthBalance:
    """A month of a shop's money in one currency: the balances around it, and whether it is over."""

    month: Month
    currency: str
    opening_minor: int
    change_minor: int
    is_over: bool

    @property
    def closing_minor(self) -> int:
        """Return the balance at its end, or now."""
        return self.opening_minor + self.change_minor


def month_of(day: date) -> Month:
    """Return the month of a day."""
    return Month(day.year, day.month)


def parse_month(text: str) -> Month:
    """Return the month that an address names.

    Raises:
        NotFoundError: it names none.
    """
    found = MONTH.fullmatch(text)
    if found is None:
        raise NotFoundError(gettext("There is no such month. Write it as 2026-03."))
    return Month(int(found[1]), int(found[2]))


def month_statement(*, shop: Shop, month: Month, currency: str = "") -> Statement:
    """Return a month's statement, of the days of the shop's zone, by the time at which each journal was booked.

    Args:
        currency: the shop's own where it is left out.
    """
    zone = zone_of(country=str(shop.country))
    span = Span(
        shop_id=shop.pk,
        currency=currency or shop.currency,
        is_payable=False,
        since=month.begins_at(zone),
        before=month.next.begins_at(zone),
    )
    return Statement(shop, span, name=str(month), month=month)


@as_platform()  # a shop may not read what the provider was asked for
def payout_statement(*, shop: Shop, payout_id: UUID) -> Statement:
    """Return a payout's statement: all that changed what could be paid since the payout before it, and the payout.

    Raises:
        NotFoundError: the shop has no such payout.
    """
    payout = Payout.objects.select_related("bank_account").filter(shop_id=shop.pk, pk=payout_id).first()
    if payout is None:
        raise NotFoundError
    before = Payout.objects.filter(shop_id=shop.pk, currency=payout.currency, pk__lt=payout.pk).order_by("-pk").first()
    journals = _set_aside([payout.pk, *([before.pk] if before else [])])
    after_id = journals.get(before.pk, 0) if before else 0
    span = Span(
        shop.pk, payout.currency, is_payable=True, after_id=after_id, until_id=journals.get(payout.pk, after_id)
    )
    return Statement(shop, span, name=str(payout.pk), payout=payout, begins_at=before.created_at if before else None)


def months_of(*, shop: Shop, now: datetime) -> list[MonthBalance]:
    """Return the months in which a shop's money moved, the newest first, each currency by itself."""
    zone = zone_of(country=str(shop.country))
    today = month_of(now.astimezone(zone).date())
    found: list[MonthBalance] = []
    balances: dict[str, int] = {}
    for text, currency, change in fetch_all(MONTHS, {"shop_id": shop.pk, "zone": str(zone)}):
        month, opening = parse_month(text), balances.get(currency, 0)
        balances[currency] = opening + int(change)
        found.append(MonthBalance(month, currency, opening, int(change), is_over=month != today))
    return found[::-1]


def _set_aside(payout_ids: list[UUID]) -> dict[UUID, int]:
    """Return of each payout the journal that set its money aside first."""
    firsts = Transfer.objects.filter(payout__in=payout_ids, attempt=1).values_list("reference", "payout_id")
    sources = {f"{reference}.1": payout_id for reference, payout_id in firsts}
    journals = Journal.objects.filter(kind=JournalKind.PAYOUT, source__in=sources).values_list("source", "pk")
    return {sources[source]: journal_id for source, journal_id in journals}
