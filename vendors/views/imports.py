"""Prices and stock from a file: upload, look at what it would do, confirm, follow, take back."""

from collections.abc import Callable
from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from accounts.access import signed_in_user
from catalogue.capabilities import IMPORT_PRODUCTS
from catalogue.errors import ImportFileError, ImportNotFoundError
from catalogue.selectors.imports import (
    first_changes,
    first_problems,
    get_import,
    iterate_problems,
    iterate_variants,
    list_imports,
)
from catalogue.services.imports.checking import check_upload
from catalogue.services.imports.reading import MAX_BYTES, MAX_ROWS
from catalogue.services.imports.running import cancel_import, confirm_import, undo_import
from kit.errors import DomainError, TooManyRequestsError
from kit.money import MINOR_PER_MAJOR
from kit.sentences.stored import in_words
from kit.web.body_rules import takes_files
from kit.web.not_found import or_404
from kit.web.tables import csv_response
from tenants.hosts.limits import check_bulk
from vendors.access import StaffRequest, staff_only
from vendors.views.dashboard_page import dashboard_page

PROBLEMS_SHOWN = 50
HEADER = ("SKU", "Title", "Options", "Price", "On hand", "Weight (g)", "Tax class")
STAGES = {
    "checked": ("pending", gettext_lazy("To be confirmed")),
    "discarded": ("archived", gettext_lazy("Discarded")),
    "waiting": ("pending", gettext_lazy("Waiting for its turn")),
    "running": ("processing", gettext_lazy("Running")),
    "done": ("done", gettext_lazy("Done")),
    "failed": ("failed", gettext_lazy("Stopped by a problem")),
    "cancelled": ("cancelled", gettext_lazy("Stopped")),
    "undoing": ("processing", gettext_lazy("Being taken back")),
    "undone": ("returned", gettext_lazy("Taken back")),
}
MOVING = {"waiting", "running", "undoing"}
Step = Callable[..., object]


@takes_files
@staff_only(IMPORT_PRODUCTS)
def import_list(request: StaffRequest) -> HttpResponse:
    """Explain imports, take a file, and list the latest ones."""
    if request.method != "POST":
        return _list_page(request)
    upload = request.FILES.get("file")
    if upload is None:
        return _list_page(request, gettext("Choose a file first."), status=ImportFileError.status)
    try:
        check_bulk(request.shop)
        made = check_upload(
            shop=request.shop,
            upload=upload.file,  # type: ignore[arg-type]
            file_name=upload.name or "",
            size=upload.size or 0,
            created_by_id=signed_in_user(request).pk,
            now=timezone.now(),
        )
    except DomainError as error:
        response = _list_page(request, error.message, status=error.status)
        if isinstance(error, TooManyRequestsError):
            response["Retry-After"] = str(error.retry_after)
        return response
    return redirect("vendors:import", import_id=made.pk)


@staff_only(IMPORT_PRODUCTS)
@require_safe
def import_template(request: StaffRequest) -> HttpResponse:
    """Give all variants with what an import reads as a file to change and bring back."""
    rows = (
        (sku, title, options, _major(price_minor), on_hand, "" if weight_g is None else weight_g, tax_class)
        for sku, title, options, price_minor, on_hand, weight_g, tax_class in iterate_variants(shop=request.shop)
    )
    name = f"{request.shop.slug}-prices-and-stock-{timezone.localdate():%Y-%m-%d}.csv"
    return cast("HttpResponse", csv_response(file_name=name, header=HEADER, rows=rows))


@staff_only(IMPORT_PRODUCTS)
@require_safe
def import_page(request: StaffRequest, import_id: UUID) -> HttpResponse:
    """Show an import: its changes, its progress, or its result."""
    shop, status = request.shop, or_404(get_import, shop=request.shop, import_id=import_id)
    made = status.stock_import
    tone, label = STAGES[status.stage]
    context = {
        "status": status,
        "made": made,
        "tone": tone,
        "label": label,
        "is_moving": status.stage in MOVING,
        "changes": first_changes(shop=shop, import_id=import_id),
        "troubles": first_problems(shop=shop, import_id=import_id, limit=PROBLEMS_SHOWN),
        "crumbs": [
            {"label": gettext("Products"), "url": reverse("vendors:products")},
            {"label": gettext("Import"), "url": reverse("vendors:imports")},
            {"label": made.file_name},
        ],
    }
    return dashboard_page(request, "vendors/import.html", context)


@staff_only(IMPORT_PRODUCTS)
@require_safe
def import_errors(request: StaffRequest, import_id: UUID) -> HttpResponse:
    """Give the rows that something is wrong with as a file."""
    made = or_404(get_import, shop=request.shop, import_id=import_id).stock_import
    rows = (
        (row.line, row.sku, in_words(row.message)) for row in iterate_problems(shop=request.shop, import_id=import_id)
    )
    name, header = f"problems-of-{made.pk}.csv", ("Line", "SKU", "Problem")
    return cast("HttpResponse", csv_response(file_name=name, header=header, rows=rows))


@staff_only(IMPORT_PRODUCTS)
@require_POST
def import_confirm(request: StaffRequest, import_id: UUID) -> HttpResponse:
    """Have the changes made."""
    return _act(request, import_id, confirm_import, gettext("The import has started. You can leave this page."))


@staff_only(IMPORT_PRODUCTS)
@require_POST
def import_cancel(request: StaffRequest, import_id: UUID) -> HttpResponse:
    """Discard an import, or stop it."""
    return _act(request, import_id, cancel_import, gettext("The import is stopped."))


@staff_only(IMPORT_PRODUCTS)
@require_POST
def import_undo(request: StaffRequest, import_id: UUID) -> HttpResponse:
    """Take an import back."""
    return _act(request, import_id, undo_import, gettext("The import is being taken back."))


def _act(request: StaffRequest, import_id: UUID, step: Step, done: str) -> HttpResponse:
    try:
        step(shop=request.shop, import_id=import_id, actor_id=signed_in_user(request).pk, now=timezone.now())
        messages.success(request, done)
    except ImportNotFoundError as error:
        raise Http404 from error
    except DomainError as error:
        messages.error(request, error.message)
    return redirect("vendors:import", import_id=import_id)


def _list_page(request: StaffRequest, error: str = "", *, status: int = 200) -> HttpResponse:
    context: dict[str, Any] = {
        "rows": [(found, *STAGES[found.stage]) for found in list_imports(shop=request.shop)],
        "error": error,
        "max_rows": MAX_ROWS,
        "max_megabytes": MAX_BYTES // 1024 // 1024,
        "crumbs": [{"label": gettext("Products"), "url": reverse("vendors:products")}, {"label": gettext("Import")}],
    }
    return dashboard_page(request, "vendors/imports.html", context, status=status)


def _major(minor: int) -> str:
    return f"{minor // MINOR_PER_MAJOR}.{minor % MINOR_PER_MAJOR:02d}"
