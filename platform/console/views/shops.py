"""Shops: the list, one shop, and what is done to its life."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from accounts.access import signed_in_user
from checkout.orders.sales import sales_by_shop
from checkout.orders.shop_lifecycle import count_open_parts
from console.access import operators_only
from console.filters import chosen, options, typed
from console.forms.actions import ReasonForm
from console.paging import paginate
from console.selectors.audit_sentences import history_of
from console.services.shops import subject_of
from console.views.shop_lifecycle import ACTS, ids_of, perform, possible_acts
from console.views.staff import staff_of
from kit.errors import DomainError, InvalidInputError
from kit.text.numbers import percentage
from kit.web.not_found import or_404
from payouts.selectors import balances_of
from payouts.selectors.bank_accounts import current_bank_account
from tenants.applications.holder_names import shop_name_difference
from tenants.hosts.selectors import list_shop_domains
from tenants.life.lifecycle import may_be_paid_out
from tenants.life.status_timeline import status_timeline
from tenants.models import Role, Shop, ShopEventKind, ShopStatus
from tenants.shops.activity import EventFilter, list_events
from tenants.shops.selectors import facts_of, get_shop_by_slug, list_shops

SALES_DAYS = 30


@operators_only
@require_safe
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
        "statuses": options(ShopStatus.choices, status, everything=gettext("Any status")),
        "is_filtered": bool(status or search),
        "sales_days": SALES_DAYS,
    }
    return render(request, "console/shops.html", context)


@operators_only
@require_safe
def shop_page(request: HttpRequest, slug: str) -> HttpResponse:
    """Show one shop."""
    shop = or_404(get_shop_by_slug, slug)
    return _render_shop(request, shop, possible_acts(shop))


@operators_only
@require_POST
def shop_act(request: HttpRequest, slug: str, action: str) -> HttpResponse:
    """Do something to a shop's life, with a reason."""
    shop = or_404(get_shop_by_slug, slug)
    act = ACTS.get(action)
    if act is None:
        raise Http404
    form = act.form(request.POST, auto_id=ids_of(action))
    if form.is_valid():
        try:
            perform(act, shop=shop, form=form, actor_id=signed_in_user(request).pk, now=timezone.now())
        except InvalidInputError as error:
            for field, faults in (error.details or {}).items():
                form.add_error({"closes_at": "closes_on"}.get(field, field), faults)
        except DomainError as error:
            messages.error(request, error.message)
        else:
            messages.success(request, act.done.format(shop.name))
    if not form.is_valid():
        return _render_shop(request, shop, possible_acts(shop, failed=action, form=form), status=400)
    return redirect("console:shop", slug=slug)


def _render_shop(request: HttpRequest, shop: Shop, acts: list[dict[str, Any]], *, status: int = 200) -> HttpResponse:
    since = timezone.now() - timedelta(days=SALES_DAYS)
    context = {
        "shop_row": shop,
        "acts": acts,
        "view_form": None if shop.status == ShopStatus.DELETED else ReasonForm(auto_id="view_%s"),
        **staff_of(shop),
        **_bank_account(shop),
        "domains": list_shop_domains(shop=shop),
        "balances": balances_of(shop_ids=[shop.pk])[shop.pk],
        "sales": sales_by_shop(shop_ids=[shop.pk], since=since)[shop.pk],
        "sales_days": SALES_DAYS,
        "entries": history_of(subjects=[subject_of(shop)], limit=10),
        "orders_left": count_open_parts(shop_id=shop.pk),
        "commission_rate": percentage(facts_of(shop).commission_bps),
        "is_held": not may_be_paid_out(shop.status),
        "events": status_timeline(
            list_events(shop_id=shop.pk, wanted=EventFilter(kind=ShopEventKind.STATUS_CHANGED), limit=12),
            names_operators=True,
        ),
        "crumbs": [{"label": gettext("Shops"), "url": ".."}, {"label": shop.name}],
    }
    return render(request, "console/shop.html", context, status=status)


def _bank_account(shop: Shop) -> dict[str, Any]:
    account = current_bank_account(shop_id=shop.pk)
    difference = shop_name_difference(shop=shop, holder_name=account.holder_name) if account else ""
    return {"account": account, "name_difference": difference}


def _owner(memberships: Any) -> str:
    return next((str(member.user) for member in memberships if member.role == Role.OWNER), "")
