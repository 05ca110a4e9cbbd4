"""The shop's yearly tax statements, as pages and files."""

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from checkout.views.yearly import year_context, year_file
from kit.web.not_found import or_404
from payouts.capabilities import VIEW_BALANCE
from payouts.statements.year import parse_year, year_statement
from vendors.access import StaffRequest, staff_only
from vendors.views.dashboard_page import dashboard_page


@staff_only(VIEW_BALANCE)
@require_safe
def year_page(request: StaffRequest, year: str) -> HttpResponse:
    """Show a year's tax statement."""
    asked = request.GET.get("currency", "")[:3]
    statement = year_statement(shop=request.shop, year=or_404(parse_year, year), currency=asked)
    if (file := year_file(request, statement)) is not None:
        return file
    shown = year_context(statement)
    crumbs = [
        {"label": gettext("Payouts"), "url": reverse("vendors:payouts")},
        {"label": gettext("Statements"), "url": reverse("vendors:payout-months")},
        {"label": shown["title"]},
    ]
    return dashboard_page(request, "vendors/year.html", {**shown, "crumbs": crumbs})
