"""The checklist of a shop that is not open yet: its progress, the preview, opening."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import signed_in_user
from catalogue.discovery.selectors.preview import preview_shop
from kit.errors import DomainError
from kit.web.hosts import platform_url
from tenants.capabilities import MANAGE_PROFILE, MANAGE_STATUS, VIEW_DASHBOARD
from tenants.models import ShopStatus
from vendors.access import StaffRequest, staff_only
from vendors.errors import SetupIncompleteError
from vendors.selectors.setup import Step, setup_steps
from vendors.services.setup import confirm_preview, go_live
from vendors.views.dashboard_page import dashboard_page, may


@staff_only(VIEW_DASHBOARD)
@require_safe
def setup(request: StaffRequest) -> HttpResponse:
    """Show the steps that are left before the shop can open."""
    return _page(request)


@staff_only(VIEW_DASHBOARD, to_change=MANAGE_PROFILE)
@require_http_methods(["GET", "HEAD", "POST"])
def preview(request: StaffRequest) -> HttpResponse:
    """Show the shop as buyers will see it, and take the word that it is right."""
    if request.method == "POST":
        actor_id = signed_in_user(request).pk
        try:
            confirm_preview(shop=request.shop, actor_id=actor_id, now=timezone.now())
        except DomainError as error:
            messages.error(request, error.message)
            return redirect("vendors:setup-preview")
        messages.success(request, gettext("Good. That step is done."))
        return redirect("vendors:setup")
    page, cards = preview_shop(shop=request.shop)
    context = {"page": page, "cards": cards, "may_confirm": bool(cards) and may(request, MANAGE_PROFILE)}
    return render(request, "vendors/preview.html", context)


@staff_only(MANAGE_STATUS)
@require_POST
def open_for_buyers(request: StaffRequest) -> HttpResponse:
    """Open the shop."""
    try:
        shop = go_live(shop_id=request.shop.pk, actor_id=signed_in_user(request).pk, now=timezone.now())
    except SetupIncompleteError as error:
        return _page(request, refusal=error.message, status=error.status)
    except DomainError as error:
        messages.error(request, error.message)
        return redirect("vendors:setup")
    messages.success(request, (gettext("%(shop)s is open. Buyers find it from now on.") % {"shop": shop.name}))
    return redirect("vendors:today")


def checklist(steps: list[Step]) -> list[dict[str, Any]]:
    """Return the steps as the checklist shows them."""
    return [{"label": step.label, "done": step.done, "url": reverse(step.route)} for step in steps]


def _page(request: StaffRequest, *, refusal: str = "", status: int = 200) -> HttpResponse:
    steps = setup_steps(shop=request.shop)
    context = {
        "rows": [(step, reverse(step.route)) for step in steps],
        "steps": checklist(steps),
        "left": sum(not step.done for step in steps),
        "is_draft": request.shop.status == ShopStatus.DRAFT,
        "may_open": may(request, MANAGE_STATUS),
        "refusal": refusal,
        "public_url": platform_url(f"/shops/{request.shop.slug}/"),
    }
    return dashboard_page(request, "vendors/setup.html", context, status=status)
