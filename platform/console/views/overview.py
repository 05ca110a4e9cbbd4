"""The overview: what needs a person first, then figures that open the rows behind them."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from checkout.orders.operations import Sales, sales_since
from console.access import operators_only
from console.filters import PERIODS, chosen
from console.selectors.exceptions import list_exceptions
from kit.money import MINOR_PER_MAJOR
from payouts.selectors import account_totals, owed_to_shops

DEFAULT_PERIOD = "30"


@operators_only
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
        **_figures(now - timedelta(days=int(days))),
    }
    return render(request, "console/overview.html", context)


def _figures(since: datetime) -> dict[str, Any]:
    totals, sales, owed = account_totals(), sales_since(since=since), owed_to_shops()
    others = sorted({*sales, *owed} - {settings.PLATFORM_CURRENCY})
    return {
        "markets": [
            _market(currency, sales.get(currency, Sales(0, 0, 0)), owed.get(currency, 0))
            for currency in (settings.PLATFORM_CURRENCY, *others)
        ],
        "entries": sum(total.entries for total in totals),
        "is_balanced": not any(_sums_by_currency(totals).values()),
    }


def _market(currency: str, sales: Sales, owed_minor: int) -> dict[str, Any]:
    """Return the figures of one currency; amounts of two are never summed."""
    return {
        "currency": currency,
        "sales": sales,
        "gross_whole": _whole(sales.gross_minor),
        "commission_whole": _whole(sales.commission_minor),
        "owed_whole": _whole(owed_minor),
    }


def _whole(minor: int) -> int:
    """Leave out what is less than a whole unit: the rows behind a figure are exact."""
    return minor - minor % MINOR_PER_MAJOR


def _sums_by_currency(totals: list[Any]) -> dict[str, int]:
    sums: dict[str, int] = {}
    for total in totals:
        sums[total.currency] = sums.get(total.currency, 0) + total.amount_minor
    return sums
