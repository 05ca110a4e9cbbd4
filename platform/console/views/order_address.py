"""Another delivery address of a buyer's order."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from accounts.access import signed_in_user
from accounts.address_forms import SHOWS_STATES
from checkout.forms import OperatorChangeAddressForm
from checkout.models import Order
from checkout.orders.operations import get_any_order
from console.access import operators_only
from console.services.order_addresses import change_address_of_order
from kit.errors import DomainError
from kit.web.not_found import or_404

REFUSED = 422


@operators_only
@require_http_methods(["GET", "HEAD", "POST"])
def order_address(request: HttpRequest, number: str) -> HttpResponse:
    """Have a paid order that no shop has packed, or one part of it (`?part=`), delivered elsewhere, with a reason."""
    order = or_404(get_any_order, number=number)
    part = next((each for each in order.sub_orders.all() if each.number == request.GET.get("part")), None)
    if SHOWS_STATES in request.POST:
        return _page(request, order, OperatorChangeAddressForm(initial=request.POST.dict()))
    address = part.goes_to(order) if part else order.shipping_address
    form = OperatorChangeAddressForm(request.POST) if request.method == "POST" else None
    if form is None or not form.is_valid():
        shown = form or OperatorChangeAddressForm(address=address)
        return _page(request, order, shown, status=REFUSED if form else 200)
    try:
        change_address_of_order(
            order_id=order.pk,
            number=number,
            address=form.address(),
            sub_order=part.number if part else "",
            actor_id=signed_in_user(request).pk,
            reason=form.cleaned_data["reason"],
            now=timezone.now(),
        )
    except DomainError as error:
        form.add_error(None, error.message)
        return _page(request, order, form, status=error.status)
    messages.success(request, gettext("The delivery address is changed. Buyer and shops are told."))
    return redirect("console:order", number=number)


def _page(request: HttpRequest, order: Order, form: OperatorChangeAddressForm, *, status: int = 200) -> HttpResponse:
    context = {
        "order": order,
        "form": form,
        "crumbs": [
            {"label": gettext("Orders"), "url": reverse("console:orders")},
            {"label": order.number, "url": reverse("console:order", args=[order.number])},
            {"label": gettext("Delivery address")},
        ],
    }
    return render(request, "console/order_address.html", context, status=status)
