"""The shop's data in one file, for its owner."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import signed_in_user
from kit.errors import DomainError, NotFoundError
from kit.private_files import private_file_response
from tenants.archives.jobs import find_archive, list_exports, request_export
from tenants.capabilities import EXPORT_DATA
from vendors.access import StaffRequest, staff_only
from vendors.views.dashboard_page import dashboard_page


@staff_only(EXPORT_DATA)
@require_http_methods(["GET", "HEAD", "POST"])
def export_list(request: StaffRequest) -> HttpResponse:
    """Show the exports there are, and ask for one."""
    if request.method == "POST":
        try:
            request_export(shop_id=request.shop.pk, actor_id=signed_in_user(request).pk, now=timezone.now())
        except DomainError as error:
            messages.info(request, error.message)
        else:
            messages.success(request, gettext("We are putting your data together, and write to you when it is ready."))
        return redirect("vendors:exports")
    exports = list_exports(shop_id=request.shop.pk)
    context = {"exports": exports, "has_open": any(export.is_open for export in exports)}
    return dashboard_page(request, "vendors/export.html", context)


@staff_only(EXPORT_DATA)
@require_safe
def export_download(request: StaffRequest, export_id: UUID) -> HttpResponse:
    """Hand an archive over."""
    actor_id, now = signed_in_user(request).pk, timezone.now()
    try:
        folder, name = find_archive(shop_id=request.shop.pk, export_id=export_id, actor_id=actor_id, now=now)
    except NotFoundError as error:
        raise Http404 from error
    except DomainError as error:
        messages.error(request, error.message)
        return redirect("vendors:exports")
    file_name = f"{request.shop.slug}-{now:%Y-%m-%d}.zip"
    return private_file_response(folder, name, file_name=file_name, content_type="application/zip", is_attachment=True)
