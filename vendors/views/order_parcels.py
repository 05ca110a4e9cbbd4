"""Steps of one parcel of an order that leaves in several."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from accounts.access import signed_in_user
from checkout.capabilities import FULFIL_ORDERS
from checkout.fulfilling.change_tracking import change_tracking
from checkout.fulfilling.deliver_parcels import deliver_parcel
from checkout.fulfilling.undo_step import undo_parcel
from checkout.fulfilment.models import VendorOrder
from checkout.moves.judging import parcel_moves
from checkout.moves.move import Side
from checkout.orders.parcel_rows import parcels_of_record
from kit.errors import DomainError, NotFoundError
from vendors.access import StaffRequest, staff_only
from vendors.forms.orders import ParcelForm


def parcel_rows(order: VendorOrder, *, may_fulfil: bool) -> list[dict[str, Any]]:
    """Return the parcels of an order that leaves in several, each with the moves that its reader can make."""
    if len(order.shipments.all()) <= 1 and not order.is_partly_sent:
        return []
    now = timezone.now()
    return [
        {
            "row": row,
            "moves": parcel_moves(row.parcel, by=Side.SHOP, now=now) if may_fulfil else [],
            "form": ParcelForm(
                auto_id=f"parcel-{row.parcel.number}-%s",
                initial={
                    "carrier": row.parcel.carrier,
                    "tracking_number": row.parcel.tracking_number,
                    "tracking_url": row.parcel.tracking_url,
                },
            ),
        }
        for row in parcels_of_record(order)
    ]


@staff_only(FULFIL_ORDERS)
@require_POST
def parcel_deliver(request: StaffRequest, number: str, parcel: int) -> HttpResponse:
    """Mark a parcel delivered."""
    done = gettext("Parcel %(parcel)s of %(number)s is delivered. We are telling the buyer.")
    return _step(
        request,
        number,
        done % {"parcel": parcel, "number": number},
        lambda: deliver_parcel(shop=request.shop, number=number, parcel=parcel, now=timezone.now()),
    )


@staff_only(FULFIL_ORDERS)
@require_POST
def parcel_undo(request: StaffRequest, number: str, parcel: int) -> HttpResponse:
    """Take back a parcel that has not left."""
    done = gettext("Parcel %(parcel)s of %(number)s is taken back. We are telling the buyer.")
    return _step(
        request,
        number,
        done % {"parcel": parcel, "number": number},
        lambda: undo_parcel(
            shop=request.shop,
            number=number,
            parcel=parcel,
            actor_id=signed_in_user(request).pk,
            now=timezone.now(),
        ),
    )


@staff_only(FULFIL_ORDERS)
@require_POST
def parcel_tracking(request: StaffRequest, number: str, parcel: int) -> HttpResponse:
    """Add or correct the tracking of a parcel that is on its way."""
    form = ParcelForm(request.POST)
    if not form.is_valid():
        for errors in form.errors.values():
            messages.error(request, " ".join(map(str, errors)))
        return redirect("vendors:order", number=number)
    return _step(
        request,
        number,
        gettext("The tracking of %(number)s is saved. We are telling the buyer.") % {"number": number},
        lambda: change_tracking(
            shop=request.shop,
            number=number,
            shipment=parcel,
            parcel=form.parcel,
            actor_id=signed_in_user(request).pk,
            now=timezone.now(),
        ),
    )


def _step(request: StaffRequest, number: str, done: str, act: Callable[[], object]) -> HttpResponse:
    """Do something to a parcel, and show on its order's page how it went."""
    try:
        act()
        messages.success(request, done)
    except NotFoundError as error:
        raise Http404 from error
    except DomainError as error:
        messages.error(request, error.message)
    return redirect("vendors:order", number=number)
