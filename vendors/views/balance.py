"""The shop's balance: where its money is, when the pending part comes, and what moved it, order by order."""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_safe

from checkout.capabilities import ANSWER_DISPUTES
from kit.text.numbers import percentage
from kit.web.paging import DIGITS, numbered_page
from payouts.capabilities import VIEW_BALANCE
from payouts.disputes.selectors import held_by_disputes
from payouts.release.terms import reserve_terms
from payouts.selectors import shop_balances
from payouts.selectors.payouts import held_payout_of_shop
from payouts.selectors.releases import (
    LISTED_STATES,
    ReleaseState,
    describe_releases,
    open_reserves,
    pending_money,
    schedules_of_shop,
)
from payouts.services.schedules import schedule_of
from tenants.life.lifecycle import may_be_paid_out
from vendors.access import StaffRequest, staff_only
from vendors.selectors.movements import movements
from vendors.selectors.next_payout import next_payout
from vendors.views.dashboard_page import dashboard_page, may

PAGE_SIZE = 25
HELD_SHOWN = 5
STATE_LABELS = {
    ReleaseState.UNDELIVERED: gettext_lazy("Not delivered"),
    ReleaseState.WAITING: gettext_lazy("Waits for its day"),
    ReleaseState.HELD: gettext_lazy("Held"),
    ReleaseState.RELEASED: gettext_lazy("Released"),
}


@staff_only(VIEW_BALANCE)
@require_safe
def balance(request: StaffRequest) -> HttpResponse:
    """Show the shop's balances and the journals behind them."""
    shop_id = request.shop.pk
    disputed_minor = held_by_disputes(shop_id=shop_id)  # first: the role is entered once, after it
    asked = request.GET.get("before", "")
    before = int(asked) if DIGITS.fullmatch(asked) else None
    page = movements(shop_id=shop_id, before_id=before, size=PAGE_SIZE)
    balances, pending = shop_balances(shop_id=shop_id), pending_money(shop_id=shop_id)
    held = schedules_of_shop(shop_id=shop_id, state=ReleaseState.HELD).order_by("-sub_order_id")[:HELD_SHOWN]
    context = {
        "balances": balances,
        "next_payout": next_payout(shop=request.shop, balances=balances, now=timezone.now()),
        "held_payout": (
            held_payout_of_shop(shop_id=shop_id, currency=balances.currency) if balances.in_transit_minor else None
        ),
        "disputed_minor": disputed_minor,
        "pending": pending,
        "held": describe_releases(list(held)) if pending.held_orders or disputed_minor else [],
        "reserves": open_reserves(shop_id=shop_id) if balances.reserved_minor else [],
        "reserve_percent": percentage(reserve_terms(shop_id=shop_id).bps),
        "is_on_request": schedule_of(shop_id=shop_id).is_on_request,
        "is_held": not may_be_paid_out(request.shop.status),
        "may_answer_disputes": may(request, ANSWER_DISPUTES),
        "movements": page.movements,
        "previous_url": reverse("vendors:balance") if before is not None else "",
        "next_url": f"?before={page.next_before}" if page.next_before else "",
    }
    return dashboard_page(request, "vendors/balance.html", context)


@staff_only(VIEW_BALANCE)
@require_safe
def releases(request: StaffRequest) -> HttpResponse:
    """List the shop's delivered orders with the day on which each is available, or what holds it."""
    asked = request.GET.get("state", "")
    state = asked if asked in set(LISTED_STATES) else ""
    schedules = schedules_of_shop(shop_id=request.shop.pk, state=state).order_by("-sub_order_id")
    found, pager = numbered_page(request, schedules)
    context: dict[str, Any] = {
        "rows": [(each, STATE_LABELS[each.state]) for each in describe_releases(list(found))],
        "pager": pager,
        "state": state,
        "states": [
            {"value": value, "label": label, "selected": value == state}
            for value, label in (("", gettext("All")), *((each, STATE_LABELS[each]) for each in LISTED_STATES))
        ],
        "crumbs": [
            {"label": gettext("Balance"), "url": reverse("vendors:balance")},
            {"label": gettext("When orders are released")},
        ],
    }
    return dashboard_page(request, "vendors/balance_releases.html", context)
