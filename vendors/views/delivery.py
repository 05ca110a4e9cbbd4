"""Delivery in the shop's settings: its standard rate, its zones, and an example of what buyers pay."""

from functools import partial
from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext

from accounts.access import signed_in_user
from checkout.fulfilment.services.zones import Zone, read_zones
from checkout.pricing.delivery.places import Destination
from checkout.zones.preview import preview_delivery
from kit.web.versions import ChangedMeanwhileError, sent_version, shown_version
from tenants.capabilities import MANAGE_PROFILE
from tenants.models import ShopStatus
from tenants.shops.checklist import finished_steps
from tenants.shops.checklist_steps import DELIVERY, RATE_FIELDS, set_delivery_rate
from tenants.shops.profile import profile_version
from vendors.access import StaffRequest, staff_only
from vendors.forms.delivery import DestinationForm
from vendors.forms.settings import DeliveryForm, show_saved_shop
from vendors.selectors.delivery import zone_name, zone_rows
from vendors.views.settings import LOOK_OR_CHANGE, saved, settings_page

EXAMPLE_MINOR, EXAMPLE_G = 10_000_00, 1_000


@staff_only(MANAGE_PROFILE)
@LOOK_OR_CHANGE
def delivery(request: StaffRequest) -> HttpResponse:
    """Set the standard rate of a delivery, and show the zones with an example of what buyers pay."""
    shop, is_sent = request.shop, request.method == "POST"
    is_decided = shop.status != ShopStatus.DRAFT or DELIVERY in finished_steps(shop_id=shop.pk)
    initial = DeliveryForm.initial_from(shop, is_decided=is_decided)
    form = DeliveryForm(request.POST if is_sent else None, currency=shop.currency, initial=initial)
    version = shown_version(request, profile_version(shop, RATE_FIELDS))
    if is_sent and form.is_valid():
        try:
            set_delivery_rate(
                shop_id=shop.pk,
                shipping_minor=form.cleaned_data["shipping_minor"],
                actor_id=signed_in_user(request).pk,
                now=timezone.now(),
                seen=sent_version(request),
            )
            return saved(request, gettext("Your delivery rate is saved."), "vendors:settings-delivery")
        except ChangedMeanwhileError as error:
            decided = partial(DeliveryForm.initial_from, is_decided=True)
            shop = show_saved_shop(form, error, shop=shop, initial=decided)
            version = profile_version(shop, RATE_FIELDS)
    zones = read_zones(schema_name=shop.schema_name)
    context = {"form": form, "version": version, "zones": zone_rows(zones, shop=shop), **_example(request, zones)}
    return settings_page(request, "vendors/settings_delivery.html", context)


def _example(request: StaffRequest, zones: list[Zone]) -> dict[str, Any]:
    """Return the form of the example, and what a buyer at the place would pay; the first time, at the shop's own."""
    shop, asked = request.shop, request.GET if "country" in request.GET else None
    usual: dict[str, Any] = {
        "country": shop.country,
        "state": "",
        "town": shop.city,
        "goods": EXAMPLE_MINOR,
        "weight": EXAMPLE_G,
    }
    country = request.GET.get("country", shop.country)
    example = DestinationForm(asked, country=country, currency=shop.currency, initial=usual)
    if asked is not None and not example.is_valid():
        return {"example": example}
    entered = example.cleaned_data if asked is not None else usual
    preview = preview_delivery(
        zones,
        Destination(entered["country"], entered["state"], entered["town"]),
        standard_minor=shop.shipping_minor,
        value_minor=entered["goods"] or 0,
        grams=entered["weight"] or 0,
        now=timezone.now(),
    )
    return {"example": example, "preview": preview, "preview_zone": zone_name(preview.zone) if preview.zone else ""}
