"""A shop's commission: the rate of its next orders."""

from decimal import Decimal
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_http_methods

from accounts.access import signed_in_user
from console.access import operators_only
from console.forms.actions import ReasonForm
from console.selectors.audit_sentences import history_of
from console.services.commission import COMMISSION_CHANGED, change_commission
from console.services.shops import subject_of
from kit.text.numbers import percentage
from kit.web.not_found import or_404
from kit.web.versions import CONFLICT, ChangedMeanwhileError, sent_version, show_what_is_saved, shown_version
from tenants.models import Shop
from tenants.shops.commission import commission_version
from tenants.shops.selectors import facts_of, get_shop_by_slug


class CommissionForm(ReasonForm):
    """A shop's own rate, and why."""

    percent = forms.DecimalField(
        label=gettext_lazy("Commission in percent of the items"),
        required=False,
        min_value=0,
        max_value=100,
        max_digits=5,
        decimal_places=2,
        help_text=gettext_lazy("Leave it empty for the rate that all shops have."),
    )
    field_order = ("percent", "reason")

    @property
    def rate_bps(self) -> int | None:
        """Return the rate in basis points; None for the market's."""
        percent: Decimal | None = self.cleaned_data["percent"]
        return None if percent is None else int(percent * 100)

    @staticmethod
    def initial_from(shop: Shop) -> dict[str, Any]:
        """Return the form's initial values."""
        own = shop.commission_bps
        return {"percent": None if own is None else f"{Decimal(own) / 100:.2f}"}


@operators_only
@require_http_methods(["GET", "HEAD", "POST"])
def shop_commission(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a shop's commission and change it, with a reason."""
    shop = or_404(get_shop_by_slug, slug)
    form = CommissionForm(request.POST or None, initial=CommissionForm.initial_from(shop))
    version, status = shown_version(request, commission_version(shop)), 400 if form.is_bound else 200
    if request.method == "POST" and form.is_valid():
        try:
            changed = change_commission(
                shop_id=shop.pk,
                commission_bps=form.rate_bps,
                actor_id=signed_in_user(request).pk,
                reason=form.cleaned_data["reason"],
                now=timezone.now(),
                seen=sent_version(request),
            )
        except ChangedMeanwhileError as error:
            shop, status = get_shop_by_slug(slug), CONFLICT
            version = commission_version(shop)
            show_what_is_saved(form, error, saved=CommissionForm.initial_from(shop))
        else:
            messages.success(request, _saved(changed))
            return redirect("console:shop-commission", slug=slug)
    return _page(request, shop, form, version=version, status=status)


def _saved(shop: Shop) -> str:
    return gettext("Orders that %(shop)s gets from now on pay %(rate)s %% commission.") % {
        "shop": shop.name,
        "rate": percentage(facts_of(shop).commission_bps),
    }


def _page(request: HttpRequest, shop: Shop, form: CommissionForm, *, version: str, status: int) -> HttpResponse:
    context = {
        "version": version,
        "shop_row": shop,
        "form": form,
        "rate": percentage(facts_of(shop).commission_bps),
        "market_rate": percentage(settings.DEFAULT_COMMISSION_BPS),
        "entries": history_of(subjects=[subject_of(shop)], action=COMMISSION_CHANGED.name),
        "crumbs": [
            {"label": gettext("Shops"), "url": reverse("console:shops")},
            {"label": shop.name, "url": reverse("console:shop", args=[shop.slug])},
            {"label": gettext("Commission")},
        ],
    }
    return render(request, "console/shop_commission.html", context, status=status)
