"""The shop's payouts: what was sent to its bank, and how far each is."""

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from gateway.bank_accounts import masked
from kit.web.paging import numbered_page
from payouts.capabilities import VIEW_BALANCE
from payouts.models import PayoutStatus
from payouts.selectors.payouts import payouts_of_shop
from vendors.access import StaffRequest, staff_only
from vendors.views.dashboard_page import dashboard_page

SAID = (PayoutStatus.FAILED, PayoutStatus.REVERSED)


@staff_only(VIEW_BALANCE)
@require_safe
def payout_list(request: StaffRequest) -> HttpResponse:
    """List the shop's payouts, the newest first."""
    found, pager = numbered_page(request, payouts_of_shop(shop_id=request.shop.pk))
    context = {
        "rows": [(each, masked(each.bank_account.number), each.note if each.status in SAID else "") for each in found],
        "pager": pager,
        "crumbs": [
            {"label": gettext("Balance"), "url": reverse("vendors:balance")},
            {"label": gettext("Payouts")},
        ],
    }
    return dashboard_page(request, "vendors/payouts.html", context)
