"""Titles, numbers and sums of statements, as pages, files and letters show them."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext, pgettext

from kit.web.zones import zone_of
from payouts.statements.lines import Causes
from payouts.statements.statement import Statement
from payouts.statements.year import YearStatement
from tenants.models import Shop


@dataclass(frozen=True, slots=True)
class Sum:
    """A row below or above the lines of a statement.

    Args:
        is_total: whether it is a balance or a result, rather than a part of it.
    """

    label: str
    amount_minor: int
    is_total: bool = False


def title_of(statement: Statement) -> str:
    """Return a statement's title."""
    if statement.month is not None:
        month = date_format(statement.month.first_day, "F Y")
        return gettext("Statement of %(month)s") % {"month": month}
    return gettext("Statement of the payout of %(date)s") % {"date": made_on(statement)}


def made_on(statement: Statement) -> str:
    """Return the day on which a statement's payout was made, in the shop's zone."""
    return day_of(statement.payout.created_at, statement.shop) if statement.payout else ""


def day_of(moment: datetime, shop: Shop) -> str:
    """Return a day in full, in the zone of the shop."""
    return date_format(localtime(moment, zone_of(country=str(shop.country))), "j F Y")


def number_of(statement: Statement | YearStatement) -> str:
    """Return the number of a statement: the same each time that it is read, and no other's."""
    shop_id = statement.shop.pk
    if isinstance(statement, YearStatement):
        return f"SY-{shop_id}-{statement.year}-{statement.currency}"
    if statement.month is not None:
        return f"SM-{shop_id}-{statement.month}-{statement.currency}"
    return f"SP-{shop_id}-{statement.name[-12:].upper()}"


def period_of(statement: Statement) -> str:
    """Return the days that a statement is about, in the shop's zone."""
    shop, span = statement.shop, statement.span
    if span.since is not None and span.before is not None:
        days = {"first": day_of(span.since, shop), "last": day_of(span.before - timedelta(seconds=1), shop)}
        return gettext("%(first)s to %(last)s") % days
    last = made_on(statement)
    if statement.begins_at is None:
        return gettext("from the first sale to %(last)s") % {"last": last}
    return gettext("%(first)s to %(last)s") % {"first": day_of(statement.begins_at, shop), "last": last}


def zone_words(shop: Shop, moment: datetime) -> str:
    """Return the shop's zone by name and offset, such as "Africa/Lagos (UTC+01:00)"."""
    zone = zone_of(country=str(shop.country))
    offset = f"{localtime(moment, zone):%z}" or "+0000"
    return f"{zone} (UTC{offset[:3]}:{offset[3:5]})"


def sums_of(statement: Statement) -> list[Sum]:
    """Return the steps from the opening balance to the payout or the closing balance, by cause; zeros are left out."""
    totals = statement.totals
    parts = earned_of(totals.causes)
    if statement.payout is None:
        parts.append(Sum(gettext("Paid out"), totals.causes.payout_minor))
    else:
        parts.append(Sum(gettext("Payouts returned or sent again"), statement.earlier_payouts_minor))
        parts.append(Sum(gettext("This payout"), totals.paid_minor, is_total=True))
    return [
        Sum(gettext("Opening balance"), statement.opening_minor, is_total=True),
        *(each for each in parts if each.amount_minor),
        Sum(gettext("Closing balance"), statement.closing_minor, is_total=True),
    ]


def earned_of(causes: Causes) -> list[Sum]:
    """Return the amounts by cause but for payouts."""
    return [
        Sum(gettext("Sales"), causes.sale_minor),
        Sum(gettext("Commission"), causes.commission_minor),
        Sum(gettext("Tax on commission"), causes.commission_tax_minor),
        Sum(gettext("Refunds"), causes.refund_minor),
        Sum(gettext("Fees"), causes.fee_minor),
        Sum(gettext("Adjustments"), causes.adjustment_minor),
    ]


def causes_of(causes: Causes) -> list[Sum]:
    """Return the amounts by cause of one line; zeros are left out."""
    amounts = (
        Sum(pgettext("money", "Sale"), causes.sale_minor),
        Sum(gettext("Commission"), causes.commission_minor),
        Sum(gettext("Tax on commission"), causes.commission_tax_minor),
        Sum(pgettext("money", "Refund"), causes.refund_minor),
        Sum(gettext("Fee"), causes.fee_minor),
        Sum(gettext("Adjustment"), causes.adjustment_minor),
        Sum(gettext("Payout"), causes.payout_minor),
    )
    return [each for each in amounts if each.amount_minor]


def places_of(statement: Statement) -> list[Sum]:
    """Return the places of the closing balance of a month; zeros are left out."""
    closing = statement.totals.closing
    places = (
        Sum(gettext("Pending"), closing.pending_minor),
        Sum(gettext("Available"), closing.available_minor),
        Sum(gettext("Reserved"), closing.reserved_minor),
        Sum(gettext("On its way to the bank"), closing.in_transit_minor),
        Sum(gettext("Owed"), closing.owed_minor),
    )
    return [each for each in places if each.amount_minor]
