"""Details of audit entries as people read them, for the sentences of `AuditAction`."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.template.defaultfilters import date
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext

from kit.money import format_minor

Details = dict[str, Any]


def as_written(details: Details) -> Details:
    """Return the details as they were stored."""
    return details


def amount_in(details: Details) -> Details:
    """Return the details with the amount of an order or a refund in its currency."""
    minor = details.get("total_minor", details.get("amount_minor"))
    return {} if minor is None else {"amount": format_minor(int(minor), details["currency"])}


def rates_in(details: Details) -> Details:
    """Return both rates of commission in percent; a shop without its own has the market's of that time."""
    market = details.get("market")  # entries of earlier releases do not name it
    return {name: _rate(details[name], market) for name in ("before", "after") if name in details}


def limits_in(details: Details) -> Details:
    """Return both limits of requests as numbers; a shop without its own has the one of all shops."""
    return {name: _limit(details[name]) for name in ("before", "after") if name in details}


def terms_in(details: Details) -> Details:
    """Return both terms of release as people read them; what is not a shop's own is as for all shops."""
    return {name: _terms(details[name]) for name in ("before", "after") if name in details}


def times_in(details: Details) -> Details:
    """Return the details with the day on which a shop closes."""
    if "closes_at" not in details:
        return {}
    closes_at = timezone.localtime(datetime.fromisoformat(details["closes_at"]))
    return {"closes_at": date(closes_at, "j M Y, H:i T")}


def _terms(terms: dict[str, int | None]) -> str:
    days, bps, kept = (terms.get(name) for name in ("hold_days", "reserve_bps", "reserve_days"))
    as_all = gettext("as for all shops")
    return gettext("days until the release: %(days)s, reserve: %(reserve)s, days of the reserve: %(kept)s") % {
        "days": as_all if days is None else number_format(days),
        "reserve": as_all if bps is None else gettext("%(rate)s %%") % {"rate": _percent(bps)},
        "kept": as_all if kept is None else number_format(kept),
    }


def _rate(bps: int | None, market: int | None) -> str:
    if bps is not None:
        return gettext("%(rate)s %%") % {"rate": _percent(bps)}
    if market is not None:
        return gettext("the market’s rate (%(rate)s %%)") % {"rate": _percent(market)}
    return gettext("the market’s rate")


def _percent(bps: int) -> str:
    return number_format(Decimal(bps).scaleb(-2).normalize(), use_l10n=True)


def _limit(requests: int | None) -> str:
    return gettext("the limit of all shops") if requests is None else number_format(requests, force_grouping=True)
