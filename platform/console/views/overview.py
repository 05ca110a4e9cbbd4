"""The overview: what needs a person first, then figures that open the rows behind them."""

from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from checkout.orders.sales import NO_SALES, RefundTotals, Sales, given_back_since, sales_by_day
from console.access import operators_only
from console.filters import PERIODS, chosen
from console.selectors.exceptions import list_exceptions
from kit.money import MINOR_PER_MAJOR, format_minor
from kit.text.dates import written_date
from payouts.selectors import account_totals, owed_to_shops

DEFAULT_PERIOD = "30"
LONGEST_BY_DAY = 31  # a longer period is shown by week: more bars than that cannot be told apart
DAYS_OF_A_WEEK = 7


@operators_only
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """Show exceptions, oldest first, and the market's figures."""
    now = timezone.now()
    days = chosen(request, "days", PERIODS) or DEFAULT_PERIOD
    context = {
        "exceptions": list_exceptions(now=now),
        "periods": [
            {"label": label, "url": f"?days={period}", "count": None, "current": period == days}
            for period, label in PERIODS
        ],
        "days": days,
        "orders_url": f"{reverse('console:orders')}?days={days}",
        **_figures(now, days=int(days)),
    }
    return render(request, "console/overview.html", context)


def _figures(now: datetime, *, days: int) -> dict[str, Any]:
    since = now - timedelta(days=days)
    totals, sales, owed = account_totals(), sales_by_day(since=since), owed_to_shops()
    given_back = given_back_since(since=since)
    buckets = _buckets(timezone.localdate(since), timezone.localdate(now))
    others = sorted({*sales, *owed, *given_back} - {settings.PLATFORM_CURRENCY})
    return {
        "markets": [
            _market(currency, sales.get(currency, {}), owed.get(currency, 0), buckets)
            | {"given_back": given_back.get(currency, RefundTotals())}
            for currency in (settings.PLATFORM_CURRENCY, *others)
        ],
        "is_by_week": days > LONGEST_BY_DAY,
        "entries": sum(total.entries for total in totals),
        "is_balanced": not any(_sums_by_currency(totals).values()),
    }


def _market(currency: str, by_day: dict[date, Sales], owed_minor: int, buckets: list[list[date]]) -> dict[str, Any]:
    """Return the figures of one currency; amounts of two are never summed."""
    sales = sum(by_day.values(), start=NO_SALES)
    trend = [(days[0], sum((by_day.get(day, NO_SALES) for day in days), start=NO_SALES)) for days in buckets]
    return {
        "currency": currency,
        "sales": sales,
        "gross_whole": _whole(sales.gross_minor),
        "commission_whole": _whole(sales.commission_minor),
        "owed_whole": _whole(owed_minor),
        "takings": [
            {
                "label": written_date(first, "j M"),
                "value": each.gross_minor // MINOR_PER_MAJOR,
                "display": format_minor(each.gross_minor, currency),
            }
            for first, each in trend
        ],
        "orders": [{"label": written_date(first, "j M"), "value": each.orders} for first, each in trend],
    }


def _buckets(first: date, last: date) -> list[list[date]]:
    """Return the days of a period, each alone, or by sevens in a long period."""
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    size = DAYS_OF_A_WEEK if len(days) > LONGEST_BY_DAY + 1 else 1
    return [days[start : start + size] for start in range(0, len(days), size)]


def _whole(minor: int) -> int:
    """Leave out what is less than a whole unit: the rows behind a figure are exact."""
    return minor - minor % MINOR_PER_MAJOR


def _sums_by_currency(totals: list[Any]) -> dict[str, int]:
    sums: dict[str, int] = {}
    for total in totals:
        sums[total.currency] = sums.get(total.currency, 0) + total.amount_minor
    return sums
