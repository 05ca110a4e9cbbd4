"""The shop's statements: of a payout, and of a month, as pages and files."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from checkout.errors import StatementTooLongError
from checkout.views.statements import statement_context, statement_file
from kit.web.not_found import or_404
from payouts.capabilities import VIEW_BALANCE
from payouts.statements.statement import Statement, month_statement, months_of, parse_month, payout_statement
from payouts.statements.year import years_of
from vendors.access import StaffRequest, staff_only
from vendors.serializers.payouts import said_about
from vendors.views.dashboard_page import dashboard_page


@staff_only(VIEW_BALANCE)
@require_safe
def payout_page(request: StaffRequest, payout_id: UUID) -> HttpResponse:
    """Show the statement of a payout, line by line."""
    statement = or_404(payout_statement, shop=request.shop, payout_id=payout_id)
    return _show(request, statement, parent=(gettext("Payouts"), reverse("vendors:payouts")))


@staff_only(VIEW_BALANCE)
@require_safe
def statement_list(request: StaffRequest) -> HttpResponse:
    """List the months in which the shop's money moved."""
    months = months_of(shop=request.shop, now=timezone.now())
    context = {
        "months": [
            (each, reverse("vendors:payout-month", args=[each.month]) + _currency(request, each.currency))
            for each in months
        ],
        "years": [
            (each, currency, reverse("vendors:payout-year", args=[each]) + _currency(request, currency))
            for each, currency in years_of(months)
        ],
        "currency": request.shop.currency,
        "crumbs": [
            {"label": gettext("Payouts"), "url": reverse("vendors:payouts")},
            {"label": gettext("Statements")},
        ],
    }
    return dashboard_page(request, "vendors/statements.html", context)


@staff_only(VIEW_BALANCE)
@require_safe
def statement_page(request: StaffRequest, month: str) -> HttpResponse:
    """Show a month's statement."""
    asked = request.GET.get("currency", "")[:3]
    statement = month_statement(shop=request.shop, month=or_404(parse_month, month), currency=asked)
    return _show(request, statement, parent=(gettext("Statements"), reverse("vendors:payout-months")))


def _show(request: StaffRequest, statement: Statement, *, parent: tuple[str, str]) -> HttpResponse:
    try:
        if (file := statement_file(request, statement)) is not None:
            return file
    except StatementTooLongError:
        return redirect(request.path)
    shown = statement_context(request, statement)
    payout = statement.payout
    context = {
        **shown,
        "note": said_about(payout) if payout else "",
        "crumbs": [{"label": parent[0], "url": parent[1]}, {"label": shown["title"]}],
    }
    return dashboard_page(request, "vendors/statement.html", context)


def _currency(request: StaffRequest, currency: str) -> str:
    return "" if currency == request.shop.currency else f"?currency={currency}"
