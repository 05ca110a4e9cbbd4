"""A shop's money: where it is, when it is released, and what an operator changes of that."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_http_methods

from accounts.access import signed_in_user
from console.access import operators_only
from console.forms.releases import OrderMoneyForm, ReleaseTermsForm
from console.selectors.audit_sentences import history_of
from console.services.releases import (
    change_release_terms,
    end_order_hold,
    hold_order_money,
    release_order_early,
)
from console.services.shops import subject_of
from kit.errors import DomainError
from kit.text.numbers import percentage
from kit.web.not_found import or_404
from kit.web.versions import CONFLICT, ChangedMeanwhileError, sent_version, show_what_is_saved, shown_version
from payouts.disputes.selectors import held_by_disputes
from payouts.release.terms import market_terms, own_terms, reserve_terms
from payouts.selectors import balances_of
from payouts.selectors.releases import ReleaseState, describe_releases, pending_money, schedules_of_shop
from tenants.models import Shop
from tenants.shops.selectors import get_shop_by_slug

HELD_SHOWN = 25
REFUSED = 422
ACTS = {
    "hold": (hold_order_money, gettext_lazy("The money of this order is held.")),
    "end_hold": (end_order_hold, gettext_lazy("No operator holds the money of this order any more.")),
    "release": (release_order_early, gettext_lazy("The money of this order is released with the next round.")),
}


@operators_only
@require_http_methods(["GET", "HEAD", "POST"])
def shop_balance(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a shop's balances, and change its terms or the release of one order, with a reason."""
    shop = or_404(get_shop_by_slug, slug)
    if request.method != "POST":
        return _page(request, shop)
    if request.POST.get("form") == "order":
        return _change_order(request, shop)
    return _change_terms(request, shop)


def _change_terms(request: HttpRequest, shop: Shop) -> HttpResponse:
    form = ReleaseTermsForm(request.POST, auto_id="terms_%s")
    if not form.is_valid():
        return _page(request, shop, terms_form=form, status=REFUSED)
    try:
        change_release_terms(
            shop=shop,
            own=form.terms,
            actor_id=signed_in_user(request).pk,
            reason=form.cleaned_data["reason"],
            now=timezone.now(),
            seen=sent_version(request),
        )
    except ChangedMeanwhileError as error:
        show_what_is_saved(form, error, saved=ReleaseTermsForm.initial_from(own_terms(shop_id=shop.pk)))
        return _page(request, shop, terms_form=form, status=CONFLICT)
    messages.success(request, gettext("The terms of %(shop)s are changed, from now on.") % {"shop": shop.name})
    return redirect("console:shop-balance", slug=shop.slug)


def _change_order(request: HttpRequest, shop: Shop) -> HttpResponse:
    form = OrderMoneyForm(request.POST, auto_id="order_%s")
    if not form.is_valid():
        return _page(request, shop, order_form=form, status=REFUSED)
    facts = form.cleaned_data
    act, done = ACTS[facts["act"]]
    try:
        act(
            shop=shop,
            number=facts["number"],
            actor_id=signed_in_user(request).pk,
            reason=facts["reason"],
            now=timezone.now(),
        )
    except DomainError as error:
        form.add_error(None, error.message)
        return _page(request, shop, order_form=form, status=REFUSED)
    messages.success(request, done)
    return redirect("console:shop-balance", slug=shop.slug)


def _page(
    request: HttpRequest,
    shop: Shop,
    *,
    terms_form: ReleaseTermsForm | None = None,
    order_form: OrderMoneyForm | None = None,
    status: int = 200,
) -> HttpResponse:
    own, reserve = own_terms(shop_id=shop.pk), reserve_terms(shop_id=shop.pk)
    held = schedules_of_shop(shop_id=shop.pk, state=ReleaseState.HELD).order_by("-sub_order_id")[:HELD_SHOWN]
    context = {
        "shop_row": shop,
        "balances": balances_of(shop_ids=[shop.pk])[shop.pk],
        "disputed_minor": held_by_disputes(shop_id=shop.pk),
        "pending": pending_money(shop_id=shop.pk),
        "held": describe_releases(list(held)),
        "own": own,
        "market": market_terms(),
        "reserve": reserve,
        "reserve_percent": percentage(reserve.bps),
        "version": shown_version(request, own.version),
        "terms_form": terms_form or ReleaseTermsForm(initial=ReleaseTermsForm.initial_from(own), auto_id="terms_%s"),
        "order_form": order_form or OrderMoneyForm(auto_id="order_%s"),
        "entries": history_of(subjects=[subject_of(shop)], action="shop.money"),
        "crumbs": [
            {"label": gettext("Shops"), "url": reverse("console:shops")},
            {"label": shop.name, "url": reverse("console:shop", args=[shop.slug])},
            {"label": gettext("Balance")},
        ],
    }
    return render(request, "console/shop_balance.html", context, status=status)
