"""A product's sale with a waiting room: planned, changed and ended by the shop."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from catalogue.capabilities import MANAGE_PRODUCTS
from catalogue.models import Product
from catalogue.selectors.products import get_product
from checkout.errors import NoWaitingRoomError
from checkout.waiting_room.open_rooms import end_room, open_room
from checkout.waiting_room.planned import planned_room
from kit.errors import DomainError, InvalidInputError
from kit.web.hosts import platform_url
from kit.web.not_found import or_404
from vendors.access import StaffRequest, staff_only
from vendors.forms.waiting_room import WaitingRoomForm
from vendors.views.dashboard_page import dashboard_page

REFUSED = 422


@staff_only(MANAGE_PRODUCTS)
@require_http_methods(["GET", "HEAD", "POST"])
def waiting_room(request: StaffRequest, product_id: UUID) -> HttpResponse:
    """Show the times of a product's sale, and plan it."""
    product = or_404(get_product, shop=request.shop, product_id=product_id)
    if request.method != "POST":
        return _page(request, product, WaitingRoomForm(initial=_planned(product_id)))
    form = WaitingRoomForm(request.POST)
    if form.is_valid():
        try:
            open_room(shop=request.shop, listing_id=product_id, now=timezone.now(), **form.cleaned_data)
        except InvalidInputError as error:
            for name, faults in error.details.items():
                form.add_error(name, faults)
        except DomainError as error:
            form.add_error(None, error.message)
        else:
            messages.success(request, gettext("The waiting room of “%(title)s” is set.") % {"title": product.title})
            return redirect("vendors:waiting-room", product_id)
    return _page(request, product, form, status=REFUSED)


@staff_only(MANAGE_PRODUCTS)
@require_POST
def waiting_room_end(request: StaffRequest, product_id: UUID) -> HttpResponse:
    """End a product's waiting room: everybody may buy at once."""
    product = or_404(get_product, shop=request.shop, product_id=product_id)
    end_room(shop=request.shop, listing_id=product_id)
    messages.success(request, gettext("“%(title)s” is sold without a waiting room.") % {"title": product.title})
    return redirect("vendors:product", product_id)


def _planned(product_id: UUID) -> dict[str, object]:
    try:
        room = planned_room(listing_id=product_id)
    except NoWaitingRoomError:
        return {}
    return {"opens_at": room.opens_at, "closes_at": room.closes_at, "per_minute": room.per_minute}


def _page(request: StaffRequest, product: Product, form: WaitingRoomForm, *, status: int = 200) -> HttpResponse:
    try:
        room = planned_room(listing_id=product.pk)
    except NoWaitingRoomError:
        room = None
    context = {
        "product": product,
        "form": form,
        "room": room,
        "is_over": room is not None and room.closes_at <= timezone.now(),
        "fair_sales_url": platform_url("/fair-sales/"),
        "zone": timezone.get_current_timezone_name(),
        "crumbs": [
            {"label": gettext("Products"), "url": reverse("vendors:products")},
            {"label": product.title, "url": reverse("vendors:product", args=[product.pk])},
            {"label": gettext("Waiting room")},
        ],
    }
    return dashboard_page(request, "vendors/waiting_room.html", context, status=status)
