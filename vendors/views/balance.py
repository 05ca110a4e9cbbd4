"""The shop's balance: pending, available, and what moved it, order by order."""

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from kit.text.numbers import percentage
from kit.web.paging import DIGITS
from payouts.capabilities import VIEW_BALANCE
from payouts.selectors import shop_balances, shop_entries
from tenants.life.lifecycle import may_be_paid_out
from tenants.shops.selectors import facts_of
from vendors.access import StaffRequest, staff_only
from vendors.selectors.entries import statement_rows
from vendors.views.dashboard_page import dashboard_page

PAGE_SIZE = 25


@staff_only(VIEW_BALANCE)
@require_safe
def balance(request: StaffRequest) -> HttpResponse:
    """Show the shop's balances and the journals behind them."""
    shop_id = request.shop.pk
    asked = request.GET.get("before", "")
    before = int(asked) if DIGITS.fullmatch(asked) else None
    found = shop_entries(shop_id=shop_id, before_id=before, limit=PAGE_SIZE + 1)
    shown = found[:PAGE_SIZE]
    context = {
        "balances": shop_balances(shop_id=shop_id),
        "is_held": not may_be_paid_out(request.shop.status),
        "rows": statement_rows(shop_id=shop_id, entries=shown),
        "commission_percent": percentage(facts_of(request.shop).commission_bps),
        "previous_url": reverse("vendors:balance") if before is not None else "",
        "next_url": f"?before={shown[-1].id}" if len(found) > PAGE_SIZE else "",
    }
    return dashboard_page(request, "vendors/balance.html", context)
