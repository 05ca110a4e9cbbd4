"""Statements of any shop, for operators: the same that the shop sees."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, pgettext
from django.views.decorators.http import require_safe

from checkout.errors import StatementTooLongError
from checkout.views.statements import statement_context, statement_file
from console.access import operators_only
from kit.web.not_found import or_404
from kit.web.zones import zone_of
from payouts.selectors.payouts import get_payout
from payouts.statements.statement import Statement, month_statement, months_of, parse_month, payout_statement
from payouts.statements.year import years_of
from tenants.models import Shop
from tenants.shops.selectors import get_shop_by_slug


@operators_only
@require_safe
def payout_statement_page(request: HttpRequest, payout_id: UUID) -> HttpResponse:
    """Show the statement of a payout."""
    shop = or_404(get_payout, payout_id=payout_id).shop
    statement = or_404(payout_statement, shop=shop, payout_id=payout_id)
    crumbs = [
        {"label": gettext("Payouts"), "url": reverse("console:payouts")},
        {"label": shop.name, "url": reverse("console:payout", args=[payout_id])},
        {"label": pgettext("money", "Statement")},
    ]
    return _show(request, statement, crumbs)


@operators_only
@require_safe
def statement_list(request: HttpRequest, slug: str) -> HttpResponse:
    """List the months in which a shop's money moved."""
    shop = or_404(get_shop_by_slug, slug)
    months = months_of(shop=shop, now=timezone.now())
    context = {
        "shop_row": shop,
        "months": [
            (each, reverse("console:shop-statement", args=[slug, each.month]) + _currency(shop, each.currency))
            for each in months
        ],
        "years": [
            (each, currency, reverse("console:shop-year", args=[slug, each]) + _currency(shop, currency))
            for each, currency in years_of(months)
        ],
        "currency": shop.currency,
        "crumbs": [*_crumbs(shop), {"label": gettext("Statements")}],
    }
    return render(request, "console/statements.html", context)


@operators_only
@require_safe
def statement_page(request: HttpRequest, slug: str, month: str) -> HttpResponse:
    """Show a month's statement of a shop."""
    shop = or_404(get_shop_by_slug, slug)
    asked = request.GET.get("currency", "")[:3]
    statement = month_statement(shop=shop, month=or_404(parse_month, month), currency=asked)
    listed = {"label": gettext("Statements"), "url": reverse("console:shop-statements", args=[slug])}
    return _show(request, statement, [*_crumbs(shop), listed, {"label": month}])


def _show(request: HttpRequest, statement: Statement, crumbs: list[dict[str, str]]) -> HttpResponse:
    with timezone.override(zone_of(country=str(statement.shop.country))):
        try:
            if (file := statement_file(request, statement)) is not None:
                return file
        except StatementTooLongError:
            return redirect(request.path)
        context = {
            **statement_context(request, statement),
            "shop_row": statement.shop,
            "crumbs": crumbs,
            "is_console": True,
        }
        return render(request, "console/statement.html", context)


def _crumbs(shop: Shop) -> list[dict[str, str]]:
    return [
        {"label": gettext("Shops"), "url": reverse("console:shops")},
        {"label": shop.name, "url": reverse("console:shop", args=[shop.slug])},
    ]


def _currency(shop: Shop, currency: str) -> str:
    return "" if currency == shop.currency else f"?currency={currency}"
