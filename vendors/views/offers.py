"""The shop's automatic offers: the list with what each has brought, making, trying, changing, pausing, deleting."""

from dataclasses import fields
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from accounts.access import signed_in_user
from checkout.capabilities import MANAGE_COUPONS, VIEW_COUPONS
from checkout.models import AutomaticOffer
from checkout.offers.compiling import terms_of
from checkout.offers.inputs import check_offer, input_of
from checkout.offers.keeping import asked_prices, change_offer, create_offer, delete_offer
from checkout.offers.preview import preview_offer
from checkout.offers.rows import offer_rows
from checkout.offers.selectors import get_offer, offer_version, offers_of
from checkout.offers.words import benefit_of, hints_of
from kit.errors import DomainError
from kit.web.not_found import or_404
from kit.web.paging import page_window, pager
from kit.web.versions import CONFLICT, ChangedMeanwhileError, sent_version, show_what_is_saved, shown_version
from vendors.access import StaffRequest, staff_only
from vendors.forms.offers import OfferForm
from vendors.views.coupons import LOOK_OR_CHANGE, REFUSED
from vendors.views.dashboard_page import dashboard_page, may

TRIES = "try"  # the button that shows the price of a basket, and saves nothing


@staff_only(VIEW_COUPONS)
@require_safe
def offer_list(request: StaffRequest) -> HttpResponse:
    """List the shop's offers with their uses, revenue and cost."""
    window, found = page_window(request), offers_of(shop_id=request.shop.pk)
    rows = list(found[window.offset : window.offset + window.size])
    context = {
        "rows": offer_rows(rows, currency=request.shop.currency, now=timezone.now()),
        "pager": pager(request, window, found.count()),
        "may_manage": may(request, MANAGE_COUPONS),
    }
    return dashboard_page(request, "vendors/offers.html", context)


@staff_only(MANAGE_COUPONS)
@LOOK_OR_CHANGE
def offer_new(request: StaffRequest) -> HttpResponse:
    """Make an offer; `like` names one to begin from."""
    shop = request.shop
    form = OfferForm(request.POST or None, shop=shop, initial=_like(request))
    tried = _tried(request, form)
    if request.method == "POST" and form.is_valid() and not tried:
        try:
            data, actor_id = form.to_input(), signed_in_user(request).pk
            offer = create_offer(shop=shop, data=data, actor_id=actor_id, now=timezone.now())
        except DomainError as error:
            form.add_refusal(error)
        else:
            messages.success(request, gettext("The offer %(name)s is created.") % {"name": offer.name})
            return redirect("vendors:offer", offer_id=offer.pk)
    context = {"form": form, "crumbs": _crumbs(gettext("New offer")), "may_manage": True, **tried}
    return dashboard_page(request, "vendors/offer.html", context, status=REFUSED if form.errors else 200)


@staff_only(VIEW_COUPONS, to_change=MANAGE_COUPONS)
@LOOK_OR_CHANGE
def offer_page(request: StaffRequest, offer_id: UUID) -> HttpResponse:
    """Show an offer and what it has brought, try it on a basket, and change it."""
    shop = request.shop
    offer = or_404(get_offer, shop_id=shop.pk, offer_id=offer_id)
    form = OfferForm(request.POST or None, shop=shop, initial=OfferForm.initial_of(offer, shop))
    tried = _tried(request, form, offer)
    version, is_stale = shown_version(request, offer_version(offer)), False
    if request.method == "POST" and form.is_valid() and not tried:
        try:
            data = form.to_input()
            change_offer(
                shop=shop,
                offer_id=offer_id,
                changes={field.name: getattr(data, field.name) for field in fields(data)},
                actor_id=signed_in_user(request).pk,
                now=timezone.now(),
                seen=sent_version(request),
            )
        except ChangedMeanwhileError as error:
            offer, is_stale = or_404(get_offer, shop_id=shop.pk, offer_id=offer_id), True
            version = offer_version(offer)
            show_what_is_saved(form, error, saved=form.saved(OfferForm.initial_of(offer, shop)))
        except DomainError as error:
            form.add_refusal(error)
        else:
            messages.success(request, gettext("The offer %(name)s is saved.") % {"name": data.name})
            return redirect("vendors:offer", offer_id=offer_id)
    context = {
        "form": form,
        "offer": offer,
        "row": offer_rows([offer], currency=shop.currency, now=timezone.now())[0],
        "version": version,
        "crumbs": _crumbs(offer.name),
        "may_manage": may(request, MANAGE_COUPONS),
        **tried,
    }
    status = CONFLICT if is_stale else REFUSED if form.errors else 200
    return dashboard_page(request, "vendors/offer.html", context, status=status)


@staff_only(MANAGE_COUPONS)
@require_POST
def offer_pause(request: StaffRequest, offer_id: UUID) -> HttpResponse:
    """Pause an offer, or let it hold again."""
    or_404(get_offer, shop_id=request.shop.pk, offer_id=offer_id)
    is_paused = request.POST.get("paused") == "1"
    actor_id = signed_in_user(request).pk
    changes = {"is_paused": is_paused}
    try:
        offer = change_offer(
            shop=request.shop, offer_id=offer_id, changes=changes, actor_id=actor_id, now=timezone.now()
        )
    except DomainError as error:
        messages.error(request, error.message)
        return redirect("vendors:offer", offer_id=offer_id)
    text = gettext("The offer %(name)s is paused.") if is_paused else gettext("The offer %(name)s is active again.")
    messages.success(request, text % {"name": offer.name})
    return redirect("vendors:offers")


@staff_only(MANAGE_COUPONS)
@LOOK_OR_CHANGE
def offer_delete(request: StaffRequest, offer_id: UUID) -> HttpResponse:
    """Ask, then delete an offer."""
    offer = or_404(get_offer, shop_id=request.shop.pk, offer_id=offer_id)
    if request.method != "POST":
        return dashboard_page(request, "vendors/offer_delete.html", {"offer": offer, "crumbs": _crumbs(offer.name)})
    delete_offer(shop=request.shop, offer_id=offer_id, actor_id=signed_in_user(request).pk, now=timezone.now())
    messages.success(request, gettext("The offer %(name)s is deleted.") % {"name": offer.name})
    return redirect("vendors:offers")


def _tried(request: StaffRequest, form: OfferForm, offer: AutomaticOffer | None = None) -> dict[str, Any]:
    """Return the price of the form's basket under the offer as it is typed, where it was asked for."""
    if TRIES not in request.POST or not form.is_valid():
        return {}
    shop, now = request.shop, timezone.now()
    data = form.to_input()
    try:
        check_offer(data, shop=shop, was=input_of(offer) if offer else None)
    except DomainError as error:
        form.add_refusal(error)
        return {}
    typed = AutomaticOffer(shop=shop, created_at=now, **data.columns())
    typed.asked_minor = asked_prices(shop=shop, data=data, now=now)
    if offer is not None:
        typed.pk = offer.pk
    terms = terms_of(typed)
    part = preview_offer(shop=shop, offer=terms, wanted=form.cleaned_data["basket"], now=now)
    hints = hints_of(part.offer_hints, currency=shop.currency) if part else []
    return {"tried": True, "part": part, "hints": hints, "benefit": benefit_of(terms, currency=shop.currency)}


def _like(request: StaffRequest) -> dict[str, Any]:
    """Return the values of the offer that the address names."""
    try:
        offer = get_offer(shop_id=request.shop.pk, offer_id=UUID(request.GET.get("like", "")))
    except (ValueError, DomainError):
        return {"kind": "buy_get", "percent": "100", "buys": 2, "gives": 1}
    return OfferForm.initial_of(offer, request.shop)


def _crumbs(name: str) -> list[dict[str, str]]:
    return [{"label": gettext("Offers"), "url": reverse("vendors:offers")}, {"label": name}]
