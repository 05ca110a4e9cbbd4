"""The step with documents."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from kit.api.throttling import throttled_page
from kit.errors import DomainError
from kit.web.body_rules import takes_files
from kit.web.not_found import or_404
from tenants.applications.errors import DocumentNotFoundError
from tenants.applications.files import document_response
from tenants.applications.forms import DocumentForm, add_refusal
from tenants.applications.selectors import documents_of, get_document
from tenants.applications.services.documents import add_document, remove_document
from tenants.applications.services.submission import missing_of
from tenants.applications.views.common import REFUSED, open_application, own_application, posted, step_page
from tenants.models import DocumentKind, ShopApplication


@takes_files
@open_application
@throttled_page("apply")
def documents_step(request: HttpRequest, application: ShopApplication) -> HttpResponse:
    """Add documents one by one, then continue."""
    form = DocumentForm(posted(request), request.FILES if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["file"]
        try:
            document = add_document(
                application_id=application.pk,
                kind=DocumentKind(form.cleaned_data["kind"]),
                name=upload.name,
                upload=upload,
                now=timezone.now(),
            )
            messages.success(request, (gettext("%(document)s is added.") % {"document": document.name}))
            return redirect("sell:documents", application_id=application.pk)
        except DomainError as error:
            add_refusal(form, error)
    context = {
        "form": form,
        "documents": documents_of(application_id=application.pk),
        "missing": missing_of(application).get("documents", []),
    }
    return step_page(request, application, "documents", context, status=REFUSED if form.errors else 200)


@own_application
@require_safe
def document(_request: HttpRequest, application: ShopApplication, document_id: UUID) -> HttpResponse:
    """Return an applicant's own document."""
    found = or_404(get_document, application_id=application.pk, document_id=document_id)
    return document_response(found)


@open_application
@require_POST
def remove(request: HttpRequest, application: ShopApplication, document_id: UUID) -> HttpResponse:
    """Remove a document."""
    try:
        remove_document(application_id=application.pk, document_id=document_id)
        messages.success(request, gettext("The document is deleted."))
    except DocumentNotFoundError as error:
        raise Http404 from error
    except DomainError as error:
        messages.error(request, error.message)
    return redirect("sell:documents", application_id=application.pk)
