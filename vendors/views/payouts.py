"""The shop's payouts: what was sent to its bank, how far each is, and one that it asks for."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import signed_in_user
from gateway.bank_accounts import masked
from kit.errors import DomainError
from kit.money import format_minor
from kit.web.paging import DIGITS, numbered_page
from payouts.capabilities import REQUEST_PAYOUT, VIEW_BALANCE
from payouts.runs.errors import PayoutAmountChangedError
from payouts.runs.request import quote_payout, request_payout
from payouts.selectors.payouts import payouts_of_shop
from vendors.access import StaffRequest, staff_only
from vendors.serializers.payouts import said_about
from vendors.views.dashboard_page import dashboard_page, may

REFUSED = 409


@staff_only(VIEW_BALANCE)
@require_safe
def payout_list(request: StaffRequest) -> HttpResponse:
    """List the shop's payouts, the newest first."""
    found, pager = numbered_page(request, payouts_of_shop(shop_id=request.shop.pk))
    context = {
        "rows": [(each, masked(each.bank_account.number), said_about(each)) for each in found],
        "pager": pager,
        "crumbs": [
            {"label": gettext("Balance"), "url": reverse("vendors:balance")},
            {"label": gettext("Payouts")},
        ],
    }
    return dashboard_page(request, "vendors/payouts.html", context)


@staff_only(VIEW_BALANCE, to_change=REQUEST_PAYOUT)
@require_http_methods(["GET", "HEAD", "POST"])
def payout_request(request: StaffRequest) -> HttpResponse:
    """Show the payout that the shop would get if it asked now, and make it."""
    shop, now, error = request.shop, timezone.now(), ""
    seen = request.POST.get("amount_minor", "")
    if request.method == "POST":
        try:
            if not DIGITS.fullmatch(seen):
                raise PayoutAmountChangedError
            made = request_payout(shop=shop, actor_id=signed_in_user(request).pk, amount_minor=int(seen), now=now)
            amount = {"amount": format_minor(made.amount_minor, made.currency)}
            messages.success(request, gettext("%(amount)s is set aside for your bank account.") % amount)
            return redirect("vendors:payouts")
        except DomainError as refusal:
            error = refusal.message
    quote = quote_payout(shop=shop, now=now)
    context = {
        "quote": quote,
        "error": error,
        "may_ask": may(request, REQUEST_PAYOUT),
        "crumbs": [
            {"label": gettext("Balance"), "url": reverse("vendors:balance")},
            {"label": gettext("Request a payout")},
        ],
    }
    return dashboard_page(request, "vendors/payout_request.html", context, status=REFUSED if error else 200)
