"""Giving money of an order back."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from accounts.access import signed_in_user
from checkout.capabilities import REFUND_ORDERS
from checkout.models import ReversedBy
from checkout.orders.shop_orders import get_sub_order
from checkout.refund_forms import RefundPartForm
from checkout.reversals.refund_part import may_refund, refund_part
from checkout.reversals.reverse import Actor
from kit.errors import DomainError
from kit.web.not_found import or_404
from vendors.access import StaffRequest, staff_only
from vendors.views.dashboard_page import dashboard_page

REFUSED = 422


@staff_only(REFUND_ORDERS)
@require_http_methods(["GET", "HEAD", "POST"])
def order_refund(request: StaffRequest, number: str) -> HttpResponse:
    """Give money of a paid order back: entered, shown with the refund, then confirmed."""
    part = or_404(get_sub_order, shop_id=request.shop.pk, number=number)
    form = RefundPartForm(request.POST or None, part=part, by=Actor(ReversedBy.SHOP, signed_in_user(request).pk))
    is_valid = form.is_valid()
    if is_valid and form.is_confirmed:
        try:
            refund_part(form.part_refund, now=timezone.now())
            messages.success(request, gettext("The refund is on its way. We are telling the buyer."))
        except DomainError as error:
            messages.error(request, error.message)
        return redirect("vendors:order", number=number)
    if not may_refund(part):
        return redirect("vendors:order", number=number)
    context = {
        "part": part,
        "form": form,
        "refund_minor": form.refund_minor if is_valid else None,
        "crumbs": [
            {"label": gettext("Orders"), "url": reverse("vendors:orders")},
            {"label": number, "url": reverse("vendors:order", args=[number])},
            {"label": gettext("Refund")},
        ],
    }
    status = REFUSED if form.is_bound and not is_valid else 200
    return dashboard_page(request, "vendors/order_refund.html", context, status=status)
