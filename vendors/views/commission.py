"""The shop's commission: its rate, and the rules that are for it."""

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from checkout.commission.shop_rules import shop_commission
from payouts.capabilities import VIEW_BALANCE
from vendors.access import StaffRequest, staff_only
from vendors.views.dashboard_page import dashboard_page


@staff_only(VIEW_BALANCE)
@require_safe
def commission(request: StaffRequest) -> HttpResponse:
    """Show the rules that are on, planned or ended lately, and the rate that holds for all else."""
    context = {
        "found": shop_commission(shop=request.shop, now=timezone.now()),
        "crumbs": [
            {"label": gettext("Balance"), "url": reverse("vendors:balance")},
            {"label": gettext("Commission")},
        ],
    }
    return dashboard_page(request, "vendors/commission.html", context)
