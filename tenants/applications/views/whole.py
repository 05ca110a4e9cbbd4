"""An application as a whole: the explanation of selling, the check before sending, and its status."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from kit.api.throttling import throttled_page
from kit.errors import DomainError
from kit.text.numbers import percentage
from tenants.applications.forms import AnswerForm
from tenants.applications.selectors import applications_of, documents_of, entries_of
from tenants.applications.services.submission import missing_of, submit_application, withdraw_application
from tenants.applications.views.common import STEPS, open_application, own_application, posted, step_page
from tenants.models import ApplicationEntry, ApplicationEntryKind, ApplicationStatus, ShopApplication
from tenants.shops.addresses import shop_host, shop_url

TITLES = {
    ApplicationEntryKind.STARTED: gettext_lazy("You began"),
    ApplicationEntryKind.SUBMITTED: gettext_lazy("You sent it"),
    ApplicationEntryKind.MORE_ASKED: gettext_lazy("We asked for more"),
    ApplicationEntryKind.ANSWERED: gettext_lazy("You answered"),
    ApplicationEntryKind.ACCOUNT_CONFIRMED: gettext_lazy("The bank confirmed your account"),
    ApplicationEntryKind.ACCOUNT_REFUSED: gettext_lazy("The bank does not know your account"),
    ApplicationEntryKind.APPROVED: gettext_lazy("Approved"),
    ApplicationEntryKind.REFUSED: gettext_lazy("Refused"),
    ApplicationEntryKind.WITHDRAWN: gettext_lazy("You withdrew it"),
}


@require_safe
def landing(request: HttpRequest) -> HttpResponse:
    """Explain selling here, its fees and its payouts."""
    own = applications_of(user_id=request.user.pk) if request.user.is_authenticated else []
    percent = percentage(settings.DEFAULT_COMMISSION_BPS)
    return render(request, "applications/landing.html", {"own": own, "commission_percent": percent})


@own_application
@require_safe
def application_page(request: HttpRequest, application: ShopApplication) -> HttpResponse:
    """Show an application's status and history."""
    if application.status == ApplicationStatus.DRAFT:
        return redirect(_next_step(application), application_id=application.pk)
    entries = entries_of(application_id=application.pk)
    asked = [entry for entry in entries if entry.kind == ApplicationEntryKind.MORE_ASKED]
    context = {
        "application": application,
        "events": [_event(entry) for entry in entries],
        "asked": asked[-1].message if asked else "",
        "last": entries[-1],
        "host": shop_host(application.slug),
        "dashboard_url": shop_url(application.shop, "/dashboard/setup/") if application.shop else "",
    }
    return render(request, "applications/application.html", context)


@open_application
@throttled_page("apply")
def review(request: HttpRequest, application: ShopApplication) -> HttpResponse:
    """Show the whole application, and send it."""
    form = AnswerForm(posted(request))
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            submit_application(application_id=application.pk, message=form.cleaned_data["message"], now=timezone.now())
            return redirect("sell:application", application_id=application.pk)
        except DomainError as error:
            form.add_error(None, error.message)
            status = error.status
    missing = missing_of(application)
    context = {
        "form": form,
        "documents": documents_of(application_id=application.pk),
        "missing": [(name, label, missing[name]) for name, label in STEPS if name in missing],
        "host": shop_host(application.slug),
        "is_answer": application.status == ApplicationStatus.MORE_NEEDED,
    }
    return step_page(request, application, "review", context, status=status)


@open_application
@require_POST
def withdraw(request: HttpRequest, application: ShopApplication) -> HttpResponse:
    """Withdraw an application."""
    try:
        withdraw_application(application_id=application.pk, now=timezone.now())
        messages.success(request, gettext("Your application is withdrawn. Its documents and bank account are deleted."))
    except DomainError as error:
        messages.error(request, error.message)
    return redirect("sell:application", application_id=application.pk)


def _next_step(application: ShopApplication) -> str:
    missing = missing_of(application)
    return next((f"sell:{name}" for name, _ in STEPS if name in missing), "sell:review")


def _event(entry: ApplicationEntry) -> dict[str, object]:
    is_bad = entry.kind in {ApplicationEntryKind.REFUSED, ApplicationEntryKind.ACCOUNT_REFUSED}
    return {
        "title": TITLES[ApplicationEntryKind(entry.kind)],
        "at": entry.created_at,
        "note": entry.message,
        "state": "failed" if is_bad else "current" if entry.kind == ApplicationEntryKind.MORE_ASKED else "done",
    }
