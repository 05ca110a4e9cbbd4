"""Yearly tax statements of any shop, for operators: the same that the shop sees."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from checkout.views.yearly import year_context, year_file
from console.access import operators_only
from kit.web.not_found import or_404
from payouts.statements.year import parse_year, year_statement
from tenants.shops.selectors import get_shop_by_slug


@operators_only
@require_safe
def year_page(request: HttpRequest, slug: str, year: str) -> HttpResponse:
    """Show a year's tax statement of a shop."""
    shop = or_404(get_shop_by_slug, slug)
    asked = request.GET.get("currency", "")[:3]
    statement = year_statement(shop=shop, year=or_404(parse_year, year), currency=asked)
    if (file := year_file(request, statement)) is not None:
        return file
    shown = year_context(statement)
    crumbs = [
        {"label": gettext("Shops"), "url": reverse("console:shops")},
        {"label": shop.name, "url": reverse("console:shop", args=[slug])},
        {"label": gettext("Statements"), "url": reverse("console:shop-statements", args=[slug])},
        {"label": shown["title"]},
    ]
    return render(request, "console/year.html", {**shown, "shop_row": shop, "crumbs": crumbs})
