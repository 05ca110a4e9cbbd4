"""The commission on an order, explained."""

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from checkout.commission.explaining import explain_shop_commission
from kit.web.not_found import or_404
from payouts.capabilities import VIEW_BALANCE
from vendors.access import StaffRequest, staff_only
from vendors.views.dashboard_page import dashboard_page


@staff_only(VIEW_BALANCE)
@require_safe
def order_commission(request: StaffRequest, number: str) -> HttpResponse:
    """Show which rule holds for each line, and how its commission is computed."""
    context = {
        "found": or_404(explain_shop_commission, shop_id=request.shop.pk, number=number),
        "crumbs": [
            {"label": gettext("Orders"), "url": reverse("vendors:orders")},
            {"label": number, "url": reverse("vendors:order", args=[number])},
            {"label": gettext("Commission")},
        ],
    }
    return dashboard_page(request, "vendors/order_commission.html", context)
