"""The days on which the shop is paid out, and its minimum payout."""

from django.conf import settings
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from accounts.access import signed_in_user
from kit.errors import DomainError
from kit.web.versions import ChangedMeanwhileError, sent_version, show_what_is_saved, shown_version
from payouts.capabilities import MANAGE_BANK_ACCOUNT, VIEW_BALANCE
from payouts.forms import ScheduleForm, minimum_text
from payouts.runs.daily import next_payday
from payouts.runs.request import request_cost
from payouts.services.schedules import change_schedule, schedule_of
from vendors.access import StaffRequest, staff_only
from vendors.views.dashboard_page import may
from vendors.views.settings import saved, settings_page


@staff_only(VIEW_BALANCE, to_change=MANAGE_BANK_ACCOUNT)
@require_http_methods(["GET", "HEAD", "POST"])
def payout_schedule(request: StaffRequest) -> HttpResponse:
    """Show the schedule, and let owners change it."""
    shop = request.shop
    own, currency = schedule_of(shop_id=shop.pk), shop.currency
    initial = ScheduleForm.initial_from(own)
    form = ScheduleForm(request.POST or None, initial=initial, currency=currency)
    version = shown_version(request, own.version)
    if request.method == "POST" and form.is_valid():
        try:
            change_schedule(
                shop=shop,
                schedule=form.schedule,
                actor_id=signed_in_user(request).pk,
                now=timezone.now(),
                seen=sent_version(request),
            )
            return saved(request, gettext("Your payouts follow this schedule from now on."), "vendors:settings-payouts")
        except ChangedMeanwhileError as error:
            now_saved = schedule_of(shop_id=shop.pk)
            show_what_is_saved(form, error, saved=ScheduleForm.initial_from(now_saved))
            version = now_saved.version
        except DomainError as error:
            form.refuse(error)
    context = {
        "form": form,
        "version": version,
        "next_on": next_payday(own, country=str(shop.country), now=timezone.now()),
        "is_automatic": settings.PAYOUT_RUN_DAILY,
        "cost_minor": request_cost(currency),
        "currency": currency,
        "least": minimum_text(own, currency),
        "may_change": may(request, MANAGE_BANK_ACCOUNT),
    }
    return settings_page(request, "vendors/settings_payouts.html", context)
