"""Titles of statements and their sums, as pages, files and letters show them."""

from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext

from payouts.statements.statement import Statement


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
    """Return the day on which a statement's payout was made."""
    return date_format(localtime(statement.payout.created_at), "j F Y") if statement.payout else ""


def sums_of(statement: Statement) -> list[Sum]:
    """Return the steps from the opening balance to the payout or the closing balance, by cause; zeros are left out."""
    totals = statement.totals
    causes = totals.causes
    parts = [
        Sum(gettext("Sales"), causes.sale_minor),
        Sum(gettext("Commission"), causes.commission_minor),
        Sum(gettext("Tax on commission"), causes.commission_tax_minor),
        Sum(gettext("Refunds"), causes.refund_minor),
        Sum(gettext("Fees"), causes.fee_minor),
        Sum(gettext("Adjustments"), causes.adjustment_minor),
    ]
    if statement.payout is None:
        parts.append(Sum(gettext("Paid out"), causes.payout_minor))
    else:
        parts.append(Sum(gettext("Payouts that came back or were sent again"), statement.earlier_payouts_minor))
        parts.append(Sum(gettext("This payout"), totals.paid_minor, is_total=True))
    return [
        Sum(gettext("Opening balance"), statement.opening_minor, is_total=True),
        *(each for each in parts if each.amount_minor),
        Sum(gettext("Closing balance"), statement.closing_minor, is_total=True),
    ]


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
