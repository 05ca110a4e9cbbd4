"""One order of the shop: what can be done with it next, its steps, its packing slip."""

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import signed_in_user
from checkout.capabilities import ANSWER_DISPUTES, ANSWER_MESSAGES, CANCEL_ORDERS, FULFIL_ORDERS, VIEW_ORDERS
from checkout.documents.offered import offered_documents
from checkout.documents.slips import is_picked_up
from checkout.ending.release_reservations import release_part
from checkout.forms import ShopCancelUnitsForm
from checkout.fulfilling.advance_part import deliver_part, pack_part
from checkout.fulfilling.change_tracking import change_tracking
from checkout.fulfilling.send_parcel import send_parcel
from checkout.fulfilling.undo_step import undo_step
from checkout.fulfilment.models import VendorOrder
from checkout.fulfilment.selectors import get_vendor_order, sending_version, tracking_version
from checkout.fulfilment.status import SOLD, UNDO_SHIPPED_WITHIN, PartStatus
from checkout.models import MessageSide, ReversedBy
from checkout.moves.table import UNDOABLE
from checkout.orders.refunds import refunds_of_part
from checkout.orders.shop_orders import get_shop_part, get_sub_order
from checkout.reversals.cancel_units import Cancellation, cancel_units
from checkout.reversals.reverse import Actor
from kit.errors import DomainError, NotFoundError
from kit.web.live import watch
from kit.web.not_found import or_404
from kit.web.versions import sent_version, shown_version
from payouts.capabilities import VIEW_BALANCE
from payouts.selectors.releases import Release, release_of
from vendors.access import StaffRequest, staff_only
from vendors.forms.orders import ParcelForm, PickupCodeForm, SendParcelForm
from vendors.selectors.moves import staff_moves
from vendors.selectors.orders import corrections_of
from vendors.views.dashboard_page import dashboard_page, may
from vendors.views.messages import latest_messages
from vendors.views.order_parcels import parcel_rows
from vendors.views.timeline import timeline_of

REFUSED = 422


@staff_only(VIEW_ORDERS)
@require_safe
def order_page(request: StaffRequest, number: str) -> HttpResponse:
    """Show an order and what can be done with it next."""
    return _order_page(request, number)


@staff_only(FULFIL_ORDERS)
@require_POST
def order_pack(request: StaffRequest, number: str) -> HttpResponse:
    """Mark an order packed."""
    done = gettext("%(number)s is packed. We are telling the buyer.")
    return _step(request, number, done, lambda: pack_part(shop=request.shop, number=number, now=timezone.now()))


@staff_only(FULFIL_ORDERS)
@require_POST
def order_ship(request: StaffRequest, number: str) -> HttpResponse:
    """Mark an order shipped, with its tracking."""
    order = or_404(get_vendor_order, shop=request.shop, number=number)
    form = SendParcelForm(request.POST, order=order)
    if not form.is_valid():
        return _order_page(request, number, form, status=REFUSED)
    is_all = form.units in (None, form.left)
    all_of_it = gettext("%(number)s is on its way. We are telling the buyer.")
    some_of_it = gettext("A parcel of %(number)s is on its way. We are telling the buyer. Send the rest next.")
    return _step(
        request,
        number,
        all_of_it if is_all else some_of_it,
        lambda: send_parcel(
            shop=request.shop,
            number=number,
            parcel=form.parcel,
            lines=form.units,
            now=timezone.now(),
            seen=sent_version(request),
        ),
    )


@staff_only(FULFIL_ORDERS)
@require_POST
def order_deliver(request: StaffRequest, number: str) -> HttpResponse:
    """Mark an order delivered, with the buyer's code where it is handed out at a station."""
    done = gettext("%(number)s is delivered. We are telling the buyer.")
    form = PickupCodeForm(request.POST)
    if not form.is_valid():
        return _order_page(request, number, code_form=form, status=REFUSED)
    code = form.cleaned_data["code"]
    return _step(
        request,
        number,
        done,
        lambda: deliver_part(shop=request.shop, number=number, code=code, now=timezone.now()),
    )


@staff_only(FULFIL_ORDERS)
@require_POST
def order_tracking(request: StaffRequest, number: str) -> HttpResponse:
    """Add or correct the tracking of a parcel that is on its way."""
    form = ParcelForm(request.POST)
    if not form.is_valid():
        return _order_page(request, number, form, status=REFUSED)
    try:
        is_changed = change_tracking(
            shop=request.shop,
            number=number,
            parcel=form.parcel,
            actor_id=signed_in_user(request).pk,
            now=timezone.now(),
            seen=sent_version(request),
        )
    except DomainError as error:
        _show_refusal(request, error)
    else:
        done = gettext("The tracking of %(number)s is saved. We are telling the buyer.")
        same = gettext("That is the tracking of %(number)s already.")
        messages.success(request, (done if is_changed else same) % {"number": number})
    return redirect("vendors:order", number=number)


@staff_only(FULFIL_ORDERS)
@require_POST
def order_undo(request: StaffRequest, number: str) -> HttpResponse:
    """Undo the step that the page showed."""
    step = request.POST.get("step", "")
    if step not in UNDOABLE:
        raise Http404
    return _step(
        request,
        number,
        gettext("That step of %(number)s is undone. We are telling the buyer."),
        lambda: undo_step(
            shop=request.shop,
            number=number,
            step=PartStatus(step),
            actor_id=signed_in_user(request).pk,
            now=timezone.now(),
        ),
    )


@staff_only(CANCEL_ORDERS)
@require_POST
def order_release(request: StaffRequest, number: str) -> HttpResponse:
    """Release the stock that is reserved for an unpaid order."""
    actor_id = signed_in_user(request).pk
    done = gettext("The items of %(number)s are on sale again.")
    return _step(
        request,
        number,
        done,
        lambda: release_part(shop=request.shop, number=number, actor_id=actor_id, now=timezone.now()),
    )


@staff_only(CANCEL_ORDERS)
@require_http_methods(["GET", "HEAD", "POST"])
def order_cancel(request: StaffRequest, number: str) -> HttpResponse:
    """Cancel items of a paid order that the shop can't send: chosen, shown with the refund, then confirmed."""
    part = or_404(get_sub_order, shop_id=request.shop.pk, number=number)
    form = ShopCancelUnitsForm(request.POST or None, parts=[part], needs_reason=True)
    is_valid = form.is_valid()
    if is_valid and form.is_confirmed:
        by = Actor(ReversedBy.SHOP, signed_in_user(request).pk)
        facts = form.cleaned_data
        wish = Cancellation(part.order_id, form.units, by, facts["reason"], restocks=facts["restocks"], seen=form.seen)
        done = gettext("Cancelled in %(number)s. We are telling the buyer, and refund the money.")
        return _step(request, number, done, lambda: cancel_units(wish, now=timezone.now()))
    if not form.parts:
        return redirect("vendors:order", number=number)
    context = {
        "order": part,
        "form": form,
        "refund_minor": form.refund_minor if is_valid else None,
        "currency": part.currency,
        "crumbs": [
            {"label": gettext("Orders"), "url": reverse("vendors:orders")},
            {"label": number, "url": reverse("vendors:order", args=[number])},
            {"label": gettext("Cancel items")},
        ],
    }
    status = REFUSED if form.is_bound and not is_valid else 200
    return dashboard_page(request, "vendors/order_cancel.html", context, status=status)


def _step(request: StaffRequest, number: str, done: str, act: Callable[[], object]) -> HttpResponse:
    """Do something to an order, and show on its page how it went."""
    try:
        act()
        messages.success(request, done % {"number": number})
    except DomainError as error:
        _show_refusal(request, error)
    return redirect("vendors:order", number=number)


def _order_page(
    request: StaffRequest,
    number: str,
    form: ParcelForm | None = None,
    *,
    code_form: PickupCodeForm | None = None,
    status: int = 200,
) -> HttpResponse:
    order = or_404(get_vendor_order, shop=request.shop, number=number)
    part = get_shop_part(shop_id=request.shop.pk, number=number)
    conversation = latest_messages(part.id)  # next to the part: both are read in the market's name
    sub_order = get_sub_order(shop_id=request.shop.pk, number=number)
    watch(request, f"part:{sub_order.pk}")
    context = {
        "order": order,
        "part": part,
        "billing_address": part.billing_address,
        "lines": list(order.lines.all()),
        "events": timeline_of(order, part.times),
        "corrections": corrections_of(shop_id=request.shop.pk, number=number) if part.has_moved else [],
        "is_sold": order.status in SOLD,
        "release": _release(request, order),
        "may_see_balance": may(request, VIEW_BALANCE),
        "is_picked_up": is_picked_up(order),
        "documents": offered_documents([sub_order]),
        "conversation": conversation,
        "side": MessageSide.SHOP,
        "may_answer_disputes": may(request, ANSWER_DISPUTES),
        "may_write": may(request, ANSWER_MESSAGES),
        "is_unpaid": order.status == PartStatus.PENDING,
        "may_refund": part.kept_minor > 0,
        "refunds": refunds_of_part(shop_id=request.shop.pk, number=number) if part.has_refunds else [],
        "moves": staff_moves(order, shop=request.shop, role=request.role, now=timezone.now()),
        "undo_until": order.status_at + UNDO_SHIPPED_WITHIN,
        "code_form": (code_form or PickupCodeForm()) if order.is_at_station else None,
        "send_form": form if isinstance(form, SendParcelForm) else SendParcelForm(order=order),
        "parcel_form": form or ParcelForm(initial=_parcel(order)),
        "parcels": parcel_rows(order, may_fulfil=may(request, FULFIL_ORDERS)),
        "sending_version": _sending_version(request, order, form),
        "version": shown_version(request, tracking_version(order)),
        "crumbs": [{"label": gettext("Orders"), "url": reverse("vendors:orders")}, {"label": number}],
    }
    return dashboard_page(request, "vendors/order.html", context, status=status)


def _sending_version(request: StaffRequest, order: VendorOrder, form: ParcelForm | None) -> str:
    """Return the version that a refused form came with, else that of what is left."""
    current = sending_version(left=order.to_send, address=order.shipping_address)
    return shown_version(request, current) if isinstance(form, SendParcelForm) else current


def _release(request: StaffRequest, order: VendorOrder) -> Release | None:
    """Return when the order's money is available, to those who may see the balance."""
    if not may(request, VIEW_BALANCE):
        return None
    return release_of(shop_id=request.shop.pk, sub_order_id=order.pk)


def _parcel(order: VendorOrder) -> dict[str, str]:
    shipment = next(reversed(list(order.shipments.all())), None)
    if shipment is None:
        return {}
    return {
        "carrier": shipment.carrier,
        "tracking_number": shipment.tracking_number,
        "tracking_url": shipment.tracking_url,
    }


def _show_refusal(request: StaffRequest, error: DomainError) -> None:
    if isinstance(error, NotFoundError):
        raise Http404 from error
    messages.error(request, error.message)
