"""Another delivery address of a paid order of the shop."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from accounts.access import signed_in_user
from accounts.address_forms import SHOWS_STATES
from checkout.capabilities import FULFIL_ORDERS
from checkout.forms import ChangeAddressForm
from checkout.fulfilment.models import VendorOrder
from checkout.fulfilment.selectors import get_vendor_order
from checkout.fulfilment.status import PartStatus
from checkout.models import ReversedBy
from checkout.orders.shop_orders import get_sub_order
from checkout.readdressing.change_address import AddressChange, change_address
from kit.errors import DomainError
from kit.web.not_found import or_404
from vendors.access import StaffRequest, staff_only
from vendors.views.dashboard_page import dashboard_page

REFUSED = 422


@staff_only(FULFIL_ORDERS)
@require_http_methods(["GET", "HEAD", "POST"])
def order_address(request: StaffRequest, number: str) -> HttpResponse:
    """Have an order that is not packed delivered to another address."""
    order = or_404(get_vendor_order, shop=request.shop, number=number)
    if SHOWS_STATES in request.POST:
        return _page(request, order, ChangeAddressForm(initial=request.POST.dict()))
    if request.method != "POST":
        if order.status != PartStatus.NEW:
            return redirect("vendors:order", number=number)
        return _page(request, order, ChangeAddressForm(address=order.shipping_address))
    form = ChangeAddressForm(request.POST)
    if not form.is_valid():
        return _page(request, order, form, status=REFUSED)
    part = get_sub_order(shop_id=request.shop.pk, number=number)
    actor_id = signed_in_user(request).pk
    wish = AddressChange(part.order_id, form.address(), ReversedBy.SHOP, actor_id, sub_order=number)
    try:
        change_address(wish, now=timezone.now())
    except DomainError as error:
        form.add_error(None, error.message)
        return _page(request, order, form, status=error.status)
    done = gettext("The delivery address of %(number)s is changed. We are telling the buyer.")
    messages.success(request, done % {"number": number})
    return redirect("vendors:order", number=number)


def _page(request: StaffRequest, order: VendorOrder, form: ChangeAddressForm, *, status: int = 200) -> HttpResponse:
    context = {
        "order": order,
        "form": form,
        "crumbs": [
            {"label": gettext("Orders"), "url": reverse("vendors:orders")},
            {"label": order.number, "url": reverse("vendors:order", args=[order.number])},
            {"label": gettext("Delivery address")},
        ],
    }
    return dashboard_page(request, "vendors/order_address.html", context, status=status)
