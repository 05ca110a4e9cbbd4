"""The dashboard's home page: today's work, then the figures."""

from datetime import date, datetime, timedelta
from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from catalogue.capabilities import MANAGE_PRODUCTS
from catalogue.models import ProductStatus
from catalogue.selectors.products import LOW_STOCK, low_stock_variants, status_counts
from checkout.fulfilment.deadlines import Late
from checkout.fulfilment.status import PartStatus
from checkout.orders.shop_orders import list_shop_orders, sales_by_day, work_queue
from kit.money import MINOR_PER_MAJOR, format_minor, symbol_of
from kit.text.dates import written_date
from kit.web.hosts import platform_url
from payouts.capabilities import VIEW_BALANCE
from payouts.selectors import shop_balances
from tenants.capabilities import VIEW_DASHBOARD
from tenants.hosts.requests import ShopRequest
from tenants.life.lifecycle import allows
from tenants.models import Shop, ShopStatus
from tenants.shops.selectors import role_in
from vendors.access import StaffRequest, staff_only
from vendors.selectors.next_payout import next_payout
from vendors.selectors.setup import setup_steps
from vendors.views.dashboard_page import dashboard_page, may
from vendors.views.setup import checklist

CHART_DAYS = 14
LOW_SHOWN = 5
LATEST = 6


@never_cache
@require_safe
def shop_root(request: HttpRequest) -> HttpResponse:
    """Send staff to their dashboard and everybody else to the shop's page on the market."""
    shop = cast("ShopRequest", request).shop
    if request.user.is_authenticated and role_in(request.user, shop) is not None:
        return redirect("vendors:today")
    return redirect(platform_url(f"/shops/{shop.slug}/"))


@staff_only(VIEW_DASHBOARD)
@require_safe
def today(request: StaffRequest) -> HttpResponse:
    """Show the work queue, the balance, the latest orders and two weeks of sales."""
    shop, now = request.shop, timezone.localtime()
    sold = sales_by_day(shop_id=shop.pk, since=_first_midnight(now), zone=timezone.get_current_timezone())
    balances = shop_balances(shop_id=shop.pk) if may(request, VIEW_BALANCE) else None
    queue = work_queue(shop=shop, now=now)
    has_orders = bool(queue.counts)
    low = low_stock_variants(shop=shop, limit=LOW_SHOWN + 1)
    context = {
        "greeting": _greeting(now),
        "can_add": may(request, MANAGE_PRODUCTS) and allows(shop.status, MANAGE_PRODUCTS),
        "to_pack": queue.counts[PartStatus.NEW],
        "to_ship": queue.counts[PartStatus.PACKED],
        "oldest": _age(queue.oldest_paid_at, now),
        "late": queue.late.total(),
        "late_to_send": queue.late[Late.TO_SEND],
        "low": low[:LOW_SHOWN],
        "low_count": f"{LOW_SHOWN}+" if len(low) > LOW_SHOWN else str(len(low)),
        "low_limit": LOW_STOCK,
        "balances": balances,
        "next_payout": next_payout(shop=shop, balances=balances, now=now) if balances else None,
        "latest": list_shop_orders(shop=shop, limit=LATEST).orders if has_orders else [],
        "points": _points(sold, now.date(), shop.currency),
        "sold_minor": sum(sold.values()),
        "chart_unit": (
            gettext("%(currency)s, the last %(days)s days") % {"currency": symbol_of(shop.currency), "days": CHART_DAYS}
        ),
        "steps": _steps(shop, has_orders=has_orders),
        "is_setting_up": shop.status == ShopStatus.DRAFT,
    }
    return dashboard_page(request, "vendors/today.html", context, to_pack=queue.counts[PartStatus.NEW])


def _greeting(now: datetime) -> str:
    noon, evening = 12, 17
    return (
        gettext("Good morning")
        if now.hour < noon
        else gettext("Good afternoon")
        if now.hour < evening
        else gettext("Good evening")
    )


def _first_midnight(now: datetime) -> datetime:
    first = now - timedelta(days=CHART_DAYS - 1)
    return first.replace(hour=0, minute=0, second=0, microsecond=0)


def _age(since: datetime | None, now: datetime) -> str:
    if since is None:
        return ""
    hours = int((now - since).total_seconds() // 3600)
    days = hours // 24
    if days > 1:
        return gettext("%(days)s d") % {"days": days}
    return gettext("%(hours)s h") % {"hours": hours} if hours else gettext("under an hour")


def _points(sold: dict[date, int], last: date, currency: str) -> list[dict[str, Any]]:
    days = [last - timedelta(days=back) for back in range(CHART_DAYS - 1, -1, -1)]
    return [
        {
            "label": written_date(day, "j M"),
            "value": sold.get(day, 0) // MINOR_PER_MAJOR,
            "display": format_minor(sold.get(day, 0), currency),
        }
        for day in days
    ]


def _steps(shop: Shop, *, has_orders: bool) -> list[dict[str, Any]] | None:
    if shop.status == ShopStatus.DRAFT:
        return checklist(setup_steps(shop=shop))
    return None if has_orders else _first_steps(shop)


def _first_steps(shop: Shop) -> list[dict[str, Any]]:
    """Return the next steps of a shop without orders."""
    counts = status_counts(shop=shop)
    new_url, list_url = reverse("vendors:product-new"), reverse("vendors:products")
    return [
        {"label": gettext("Add your first product"), "done": any(counts.values()), "url": new_url},
        {
            "label": gettext("Put a product on sale"),
            "done": bool(counts[ProductStatus.ACTIVE]),
            "url": list_url if any(counts.values()) else new_url,
        },
        {"label": gettext("Your shop is open to buyers"), "done": shop.status == ShopStatus.LIVE},
        {"label": gettext("Your first order is paid"), "done": False},
    ]
