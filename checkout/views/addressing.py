"""Another delivery address of a paid order, from its page."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views import View

from accounts.address_forms import SHOWS_STATES
from checkout.access import order_for
from checkout.forms import ChangeAddressForm
from checkout.fulfilment.status import PartStatus
from checkout.models import Order, OrderStatus, ReversedBy, SubOrder
from checkout.readdressing.change_address import AddressChange, change_address
from kit.errors import DomainError, InvalidInputError
from kit.web.not_found import or_404

REFUSED = 422


class OrderAddressView(View):
    """The form with the present address, of the order or of one shop's part (`?part=`)."""

    def get(self, request: HttpRequest, number: str) -> HttpResponse:
        order = or_404(order_for, request, number)
        part = _part_of(order, request.GET.get("part", ""))
        concerned = [part] if part else list(order.sub_orders.all())
        if order.status != OrderStatus.PAID or not any(each.status == PartStatus.NEW for each in concerned):
            return redirect(order)
        return _page(request, order, part, ChangeAddressForm(address=(part or concerned[0]).goes_to(order)))

    def post(self, request: HttpRequest, number: str) -> HttpResponse:
        order = or_404(order_for, request, number)
        part = _part_of(order, request.POST.get("part", ""))
        if SHOWS_STATES in request.POST:
            return _page(request, order, part, ChangeAddressForm(initial=request.POST.dict()))
        form = ChangeAddressForm(request.POST)
        if not form.is_valid():
            return _page(request, order, part, form, status=REFUSED)
        wish = AddressChange(
            order.pk, form.address(), ReversedBy.BUYER, request.user.pk, sub_order=part.number if part else ""
        )
        try:
            change_address(wish, now=timezone.now())
        except (InvalidInputError, DomainError) as error:
            form.add_error(None, error.message)
            return _page(request, order, part, form, status=error.status)
        messages.success(request, gettext("The delivery address is changed. We tell the shops."))
        return redirect(order)


def _part_of(order: Order, number: str) -> SubOrder | None:
    """Return the part that a request is about; None where it is about all of the order."""
    if not number:
        return None
    found = next((part for part in order.sub_orders.all() if part.number == number), None)
    if found is None:
        raise Http404
    return found


def _page(
    request: HttpRequest, order: Order, part: SubOrder | None, form: ChangeAddressForm, *, status: int = 200
) -> HttpResponse:
    return render(request, "checkout/order_address.html", {"order": order, "part": part, "form": form}, status=status)
