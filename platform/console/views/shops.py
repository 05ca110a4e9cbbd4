"""Shops: the list, one shop, suspending it and bringing it back."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.access import signed_in_user
from checkout.selectors.operations import sales_by_shop
from console.access import operators_only
from console.forms import ReasonForm, chosen, options, typed
from console.paging import paginate
from console.selectors.audit_log import list_entries
from console.services.shops import restore_shop, subject_of, suspend_shop
from kit.errors import DomainError, NotFoundError
from payouts.selectors import balances_of
from tenants.lifecycle import TRANSITIONS
from tenants.models import Role, Shop, ShopStatus
from tenants.selectors import get_shop_by_slug, list_shops, members_of
from tenants.selectors.domains import list_shop_domains

SALES_DAYS = 30
ACTIONS = {"suspend": (suspend_shop, "{} is suspended."), "restore": (restore_shop, "{} is back.")}


@operators_only
def shop_list(request: HttpRequest) -> HttpResponse:
    """List shops with what they sold and are owed."""
    status, search = chosen(request, "status", ShopStatus.choices), typed(request, "q")
    shops = list_shops(search=search, status=status).prefetch_related("domains", "memberships__user")
    page = paginate(request, shops)
    ids = [shop.pk for shop in page.rows]
    balances = balances_of(shop_ids=ids)
    sales = sales_by_shop(shop_ids=ids, since=timezone.now() - timedelta(days=SALES_DAYS))
    context = {
        "page": page,
        "rows": [
            {
                "shop": shop,
                "owner": _owner(shop.memberships.all()),
                "balances": balances[shop.pk],
                "sales": sales[shop.pk],
            }
            for shop in page.rows
        ],
        "search": search,
        "statuses": options(ShopStatus.choices, status, everything="Any status"),
        "is_filtered": bool(status or search),
        "sales_days": SALES_DAYS,
    }
    return render(request, "console/shops.html", context)


@operators_only
def shop_page(request: HttpRequest, slug: str) -> HttpResponse:
    """Show one shop."""
    return _render_shop(request, _shop_or_404(slug), ReasonForm())


@operators_only
@require_POST
def shop_act(request: HttpRequest, slug: str, action: str) -> HttpResponse:
    """Suspend a shop or bring it back, with a reason."""
    shop = _shop_or_404(slug)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return _render_shop(request, shop, form, status=400)
    act, done = ACTIONS[action]
    try:
        act(
            shop_id=shop.pk,
            actor_id=signed_in_user(request).pk,
            reason=form.cleaned_data["reason"],
            now=timezone.now(),
        )
        messages.success(request, done.format(shop.name))
    except DomainError as error:
        messages.error(request, error.message)
    return redirect("console:shop", slug=slug)


def _render_shop(request: HttpRequest, shop: Shop, form: ReasonForm, *, status: int = 200) -> HttpResponse:
    members = members_of(shop_id=shop.pk)
    since = timezone.now() - timedelta(days=SALES_DAYS)
    context = {
        "shop_row": shop,
        "form": form,
        "members": members,
        "domains": list_shop_domains(shop=shop),
        "balances": balances_of(shop_ids=[shop.pk])[shop.pk],
        "sales": sales_by_shop(shop_ids=[shop.pk], since=since)[shop.pk],
        "sales_days": SALES_DAYS,
        "entries": list(list_entries(subject=subject_of(shop))[:10]),
        "can_suspend": ShopStatus.SUSPENDED in TRANSITIONS[ShopStatus(shop.status)],
        "can_restore": shop.status == ShopStatus.SUSPENDED,
        "crumbs": [{"label": "Shops", "url": ".."}, {"label": shop.name}],
    }
    return render(request, "console/shop.html", context, status=status)


def _owner(memberships: Any) -> str:
    return next((str(member.user) for member in memberships if member.role == Role.OWNER), "")


def _shop_or_404(slug: str) -> Shop:
    try:
        return get_shop_by_slug(slug)
    except NotFoundError as error:
        raise Http404 from error
