"""A shop's schedule of payouts, for operators."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from accounts.access import signed_in_user
from console.access import operators_only
from console.forms.actions import ReasonForm
from console.services.payout_schedules import change_payout_schedule
from kit.errors import DomainError
from kit.web.not_found import or_404
from kit.web.versions import CONFLICT, ChangedMeanwhileError, sent_version, show_what_is_saved, shown_version
from payouts.forms import ScheduleForm, minimum_text
from payouts.runs.daily import next_payday
from payouts.services.schedules import schedule_of
from tenants.shops.selectors import get_shop_by_slug

REFUSED = 422


class ReasonedScheduleForm(ScheduleForm, ReasonForm):
    """A shop's schedule, and why it is changed."""

    field_order = ("rhythm", "weekday", "month_day", "minimum", "reason")


@operators_only
@require_http_methods(["GET", "HEAD", "POST"])
def payout_schedule(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a shop's schedule, and change it with a reason."""
    shop = or_404(get_shop_by_slug, slug)
    own, status = schedule_of(shop_id=shop.pk), 200
    initial = ScheduleForm.initial_from(own)
    form = ReasonedScheduleForm(request.POST or None, initial=initial, currency=shop.currency, auto_id="schedule_%s")
    if request.method == "POST":
        status = REFUSED
        if form.is_valid():
            try:
                change_payout_schedule(
                    shop=shop,
                    schedule=form.schedule,
                    actor_id=signed_in_user(request).pk,
                    reason=form.cleaned_data["reason"],
                    now=timezone.now(),
                    seen=sent_version(request),
                )
                messages.success(request, gettext("Payouts follow this schedule from now on."))
                return redirect("console:shop-payout-schedule", slug=slug)
            except ChangedMeanwhileError as error:
                saved = ScheduleForm.initial_from(schedule_of(shop_id=shop.pk))
                show_what_is_saved(form, error, saved=saved)
                status = CONFLICT
            except DomainError as error:
                form.refuse(error)
    context = {
        "shop_row": shop,
        "form": form,
        "version": shown_version(request, own.version),
        "next_on": next_payday(own, country=str(shop.country), now=timezone.now()),
        "least": minimum_text(own, shop.currency),
        "crumbs": [
            {"label": gettext("Shops"), "url": reverse("console:shops")},
            {"label": shop.name, "url": reverse("console:shop", args=[slug])},
            {"label": gettext("Payout days")},
        ],
    }
    return render(request, "console/shop_payout_schedule.html", context, status=status)
