"""Plans of the market, and the plan of a shop."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from accounts.access import signed_in_user
from console.access import operators_only
from console.forms.commission import PlanForm, ShopPlanForm
from console.services.commission_rules import add_plan, put_on_plan
from kit.errors import DomainError
from kit.web.not_found import or_404
from kit.web.versions import CONFLICT, ChangedMeanwhileError, sent_version, show_what_is_saved, shown_version
from payouts.commission.plans import plan_version
from payouts.commission.selectors import count_shops_by_plan, plan_of
from tenants.shops.selectors import get_shop_by_slug

LOOK_OR_CHANGE = require_http_methods(["GET", "HEAD", "POST"])
REFUSED = 422


@operators_only
@LOOK_OR_CHANGE
def plan_list(request: HttpRequest) -> HttpResponse:
    """List the plans with their shops, and add one."""
    form = PlanForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            add_plan(name=said["name"], actor_id=signed_in_user(request).pk, reason=said["reason"], now=timezone.now())
        except DomainError as error:
            form.add_error("name", error.message)
        else:
            messages.success(request, gettext("The plan %(name)s is added.") % {"name": said["name"]})
            return redirect("console:commission-plans")
    context = {
        "form": form,
        "plans": count_shops_by_plan(),
        "crumbs": [
            {"label": gettext("Commission"), "url": reverse("console:commission-rules")},
            {"label": gettext("Plans")},
        ],
    }
    return render(request, "console/commission_plans.html", context, status=REFUSED if form.errors else 200)


@operators_only
@LOOK_OR_CHANGE
def shop_plan(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a shop's plan, and put the shop on another."""
    shop = or_404(get_shop_by_slug, slug)
    plan = plan_of(shop_id=shop.pk)
    form = ShopPlanForm(request.POST or None, initial=ShopPlanForm.initial_of(plan))
    version, status = shown_version(request, plan_version(plan)), REFUSED if form.is_bound else 200
    if request.method == "POST" and form.is_valid():
        try:
            put_on_plan(
                shop_id=shop.pk,
                plan_id=form.plan_id,
                actor_id=signed_in_user(request).pk,
                reason=form.cleaned_data["reason"],
                now=timezone.now(),
                seen=sent_version(request),
            )
        except ChangedMeanwhileError as error:
            plan, status = plan_of(shop_id=shop.pk), CONFLICT
            version = plan_version(plan)
            show_what_is_saved(form, error, saved=ShopPlanForm.initial_of(plan))
        else:
            messages.success(request, gettext("The plan of %(shop)s is saved.") % {"shop": shop.name})
            return redirect("console:shop-plan", slug=slug)
    context = {
        "form": form,
        "shop_row": shop,
        "plan": plan,
        "version": version,
        "crumbs": [
            {"label": gettext("Shops"), "url": reverse("console:shops")},
            {"label": shop.name, "url": reverse("console:shop", args=[shop.slug])},
            {"label": gettext("Plan")},
        ],
    }
    return render(request, "console/shop_plan.html", context, status=status)
