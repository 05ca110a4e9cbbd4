"""Applications to open a shop: the queue, one of them with its papers, and the decision."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.access import signed_in_user
from console.access import operators_only
from console.filters import chosen, typed
from console.forms.actions import ApprovalForm, MessageForm
from console.selectors.audit_sentences import history_of
from console.services.applications import approve_application, ask_for_more, refuse_application, subject_of
from kit.errors import DomainError, NotFoundError
from kit.web.not_found import or_404
from kit.web.paging import numbered_page
from tenants.applications.files import document_response
from tenants.applications.holder_names import name_difference
from tenants.applications.selectors import (
    documents_of,
    entries_of,
    get_document,
    get_sent_application,
    list_applications,
    waiting_applications,
)
from tenants.applications.services.accounts import check_account
from tenants.models import AccountState, ApplicationStatus, ShopApplication
from tenants.shops.addresses import shop_host

TABS = (
    (ApplicationStatus.SUBMITTED, gettext_lazy("To decide")),
    (ApplicationStatus.MORE_NEEDED, gettext_lazy("Waiting for the applicant")),
    (ApplicationStatus.APPROVED, gettext_lazy("Approved")),
    (ApplicationStatus.REFUSED, gettext_lazy("Refused")),
)
ALL = "all"
ASKING, REFUSING = gettext_lazy("What do you need?"), gettext_lazy("Why not?")


@operators_only
@require_safe
def application_list(request: HttpRequest) -> HttpResponse:
    """List applications, the longest waiting first."""
    search = typed(request, "q")
    fallback = ALL if search else ApplicationStatus.SUBMITTED.value
    status = chosen(request, "status", [*TABS, (ALL, "")]) or fallback
    found = list_applications(status="" if status == ALL else status, search=search)
    applications, pager = numbered_page(request, found)
    context = {
        "applications": applications,
        "pager": pager,
        "tabs": _tabs(status),
        "search": search,
        "status": status,
    }
    return render(request, "console/applications.html", context)


@operators_only
@never_cache
@require_safe
def application_page(request: HttpRequest, application_id: UUID) -> HttpResponse:
    """Show an application with its fields and history."""
    return _render(request, or_404(get_sent_application, application_id=application_id))


@operators_only
@never_cache
@require_safe
def application_document(_request: HttpRequest, application_id: UUID, document_id: UUID) -> HttpResponse:
    """Show a paper."""
    application = or_404(get_sent_application, application_id=application_id)
    document = or_404(get_document, application_id=application.pk, document_id=document_id)
    return document_response(document)


@operators_only
@require_POST
def application_approve(request: HttpRequest, application_id: UUID) -> HttpResponse:
    """Open the shop."""
    form = ApprovalForm(request.POST)
    if not form.is_valid():
        return _render(
            request, or_404(get_sent_application, application_id=application_id), approval_form=form, status=400
        )
    try:
        shop = approve_application(
            application_id=application_id,
            actor_id=signed_in_user(request).pk,
            note=form.cleaned_data["note"],
            now=timezone.now(),
        )
        messages.success(
            request, (gettext("%(shop)s is there, as a draft. Its owner has been written to.") % {"shop": shop.name})
        )
    except DomainError as error:
        _say(request, error)
    return redirect("console:application", application_id=application_id)


@operators_only
@require_POST
def application_ask(request: HttpRequest, application_id: UUID) -> HttpResponse:
    """Ask the applicant for more."""
    form = MessageForm(request.POST, prefix="ask", label=ASKING)
    if not form.is_valid():
        return _render(request, or_404(get_sent_application, application_id=application_id), ask_form=form, status=400)
    try:
        ask_for_more(
            application_id=application_id,
            actor_id=signed_in_user(request).pk,
            message=form.cleaned_data["message"],
            now=timezone.now(),
        )
        messages.success(request, gettext("The applicant has been asked."))
    except DomainError as error:
        _say(request, error)
    return redirect("console:application", application_id=application_id)


@operators_only
@require_POST
def application_refuse(request: HttpRequest, application_id: UUID) -> HttpResponse:
    """Refuse an application."""
    form = MessageForm(request.POST, prefix="refuse", label=REFUSING)
    if not form.is_valid():
        return _render(
            request, or_404(get_sent_application, application_id=application_id), refuse_form=form, status=400
        )
    try:
        refuse_application(
            application_id=application_id,
            actor_id=signed_in_user(request).pk,
            reason=form.cleaned_data["message"],
            now=timezone.now(),
        )
        messages.success(request, gettext("The application is refused, and the applicant has been told why."))
    except DomainError as error:
        _say(request, error)
    return redirect("console:application", application_id=application_id)


@operators_only
@require_POST
def application_check_account(request: HttpRequest, application_id: UUID) -> HttpResponse:
    """Ask a bank again that did not answer."""
    try:
        application = check_account(application_id=application_id, now=timezone.now())
    except DomainError as error:
        _say(request, error)
    else:
        is_answered = application.account_state != AccountState.UNCHECKED
        text = application.get_account_state_display()
        (messages.success if is_answered else messages.warning)(
            request, (gettext("Bank account: %(status)s.") % {"status": text.lower()})
        )
    return redirect("console:application", application_id=application_id)


def _render(
    request: HttpRequest,
    application: ShopApplication,
    *,
    approval_form: ApprovalForm | None = None,
    ask_form: MessageForm | None = None,
    refuse_form: MessageForm | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "application": application,
        "name_difference": name_difference(application),
        "host": shop_host(application.slug),
        "documents": documents_of(application_id=application.pk),
        "history": entries_of(application_id=application.pk),
        "approval_form": approval_form or ApprovalForm(),
        "ask_form": ask_form or MessageForm(prefix="ask", label=ASKING),
        "refuse_form": refuse_form or MessageForm(prefix="refuse", label=REFUSING),
        "entries": history_of(subjects=[subject_of(application.pk)], limit=10),
        "crumbs": [
            {"label": gettext("Applications"), "url": reverse("console:applications")},
            {"label": application.shop_name},
        ],
    }
    return render(request, "console/application.html", context, status=status)


def _say(request: HttpRequest, error: DomainError) -> None:
    if isinstance(error, NotFoundError):
        raise Http404 from error
    messages.error(request, error.message)


def _tabs(current: str) -> list[dict[str, Any]]:
    address = reverse("console:applications")
    waiting = waiting_applications().count()
    tabs: list[dict[str, Any]] = [
        {
            "label": label,
            "url": f"{address}?{urlencode({'status': value.value})}",
            "count": waiting if value == ApplicationStatus.SUBMITTED else None,
            "current": value == current,
        }
        for value, label in TABS
    ]
    return [
        *tabs,
        {"label": gettext("All"), "url": f"{address}?status={ALL}", "count": None, "current": current == ALL},
    ]
