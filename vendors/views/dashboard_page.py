"""Shared data of the dashboard's pages."""

from collections import defaultdict
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext

from checkout.messaging.selectors import count_new_to_shop
from checkout.orders.shop_orders import count_to_pack
from checkout.returning.open_count import count_returns_to_answer
from kit.text.labelled import labelled
from kit.web.live import watch
from tenants.access import Capability, can
from vendors.access import StaffRequest
from vendors.navigation import entries_for
from vendors.services.bulk_result import BulkResult, Key
from vendors.services.status_notice import status_notice

MAX_SEARCH = 100
MAX_NAMES = 10


def may(request: StaffRequest, capability: Capability) -> bool:
    """Return whether the person's role allows something."""
    return can(request.role, capability)


def dashboard_page(
    request: StaffRequest, template: str, context: dict[str, Any], *, to_pack: int | None = None, status: int = 200
) -> HttpResponse:
    """Render a page of the dashboard, with what the role may open, and how much waits beside it."""
    watch(request, f"shop-orders:{request.shop.pk}")
    waiting = count_to_pack(shop=request.shop) if to_pack is None else to_pack
    own = {
        "nav_entries": entries_for(request.role),
        "nav_counts": {
            "orders": waiting,
            "returns": count_returns_to_answer(shop_id=request.shop.pk),
            "messages": count_new_to_shop(shop_id=request.shop.pk),
        },
        "status_notice": status_notice(request.shop),
    }
    return render(request, template, {**context, **own}, status=status)


def searched(request: HttpRequest) -> str:
    """Return the text of the search box."""
    return request.GET.get("q", "").replace("\0", "").strip()[:MAX_SEARCH]


def show_bulk_result(
    request: HttpRequest,
    result: BulkResult[Key],
    *,
    done: Callable[[int], str],
    name_of: Callable[[Key], str] = str,
) -> None:
    """Show the number of rows that were changed, and which others were refused, by reason.

    Args:
        done: returns such as `2 orders are packed.` for a number.
        name_of: returns the name by which people know a row.
    """
    if result.done:
        messages.success(request, done(len(result.done)))
    by_reason: defaultdict[str, list[str]] = defaultdict(list)
    for refusal in result.refused:
        by_reason[refusal.message].append(name_of(refusal.key))
    for reason, names in by_reason.items():
        messages.error(request, labelled(_listed(names), reason))
    if not result.done and not result.refused:
        messages.info(request, gettext("Select some rows first."))


def _listed(names: list[str]) -> str:
    """Return some names in one line; of many the first ones, and how many more there are."""
    shown, more = ", ".join(names[:MAX_NAMES]), len(names) - MAX_NAMES
    if more <= 0:
        return shown
    return gettext("%(names)s and %(more)s more") % {"names": shown, "more": more}
