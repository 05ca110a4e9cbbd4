"""Shared code of the steps: access to an application, and its progress."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.cache import never_cache

from tenants.applications.access import application_for
from tenants.applications.errors import ApplicationNotFoundError
from tenants.applications.holder_names import name_difference
from tenants.applications.services.submission import missing_of
from tenants.models import ShopApplication

Page = Callable[..., HttpResponse]
REFUSED = 422
STEPS = (
    ("shop", gettext_lazy("Shop")),
    ("business", pgettext_lazy("step", "Business")),
    ("documents", pgettext_lazy("step", "Files")),
    ("account", gettext_lazy("Bank account")),
    ("review", gettext_lazy("Send")),
)


def own_application(page: Page) -> Page:
    """Open a page to callers who may see the application; a key in the address is stored and removed from it.

    Anonymous callers are sent to sign-in.

    Raises:
        Http404: there is none, or the caller may not see it.
    """

    @never_cache
    @wraps(page)
    def guarded(request: HttpRequest, application_id: UUID, **kwargs: Any) -> HttpResponse:
        is_look = request.method in {"GET", "HEAD"}
        try:
            application = application_for(request, application_id)
        except ApplicationNotFoundError as error:
            if request.user.is_authenticated or not is_look:
                raise Http404 from error
            # A letter's link, opened in another browser; no different where there is no such application.
            return redirect_to_login(request.path)
        if "key" in request.GET and is_look:
            return redirect(request.path)
        return page(request, application, **kwargs)

    return guarded


def open_application(page: Page) -> Page:
    """As `own_application`, for pages that change it: what is sent or decided leads to its own page."""

    @own_application
    @wraps(page)
    def guarded(request: HttpRequest, application: ShopApplication, **kwargs: Any) -> HttpResponse:
        if not application.is_open:
            return redirect("sell:application", application_id=application.pk)
        return page(request, application, **kwargs)

    return guarded


def posted(request: HttpRequest) -> QueryDict | None:
    """Return the posted data, also an empty one; None for a GET."""
    return request.POST if request.method == "POST" else None


def step_page(
    request: HttpRequest, application: ShopApplication | None, step: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    """Render a step below the line of all steps."""
    facts = {
        "application": application,
        "name_difference": name_difference(application) if application else "",
        "steps": _steps(application, step),
        **context,
    }
    return render(request, f"applications/{step}.html", facts, status=status)


def _steps(application: ShopApplication | None, current: str) -> list[dict[str, Any]]:
    if application is None:
        return [{"label": label, "state": "current" if name == current else "todo"} for name, label in STEPS]
    missing = missing_of(application)
    return [
        {
            "label": label,
            "state": "current" if name == current else "todo" if name in missing or name == "review" else "done",
            "url": reverse(f"sell:{name}", args=[application.pk]),
        }
        for name, label in STEPS
    ]
