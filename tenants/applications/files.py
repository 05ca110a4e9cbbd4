"""Responses with an applicant's documents, for permitted callers."""

from django.http import FileResponse

from tenants.applications.services.documents import PDF, document_folder
from tenants.models import ApplicationDocument


def document_response(document: ApplicationDocument) -> FileResponse:
    """Return a document: pictures inline, PDF files as downloads; uncached and sandboxed."""
    response = FileResponse(
        document_folder(document.application_id).open(document.file),
        as_attachment=document.content_type == PDF,
        filename=document.name,
        content_type=document.content_type,
    )
    response["Cache-Control"] = "private, no-store"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
