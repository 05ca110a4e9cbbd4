"""Handing out an applicant's papers, to those who were let in."""

from django.http import FileResponse

from tenants.applications.services.documents import PDF, document_folder
from tenants.models import ApplicationDocument


def document_response(document: ApplicationDocument) -> FileResponse:
    """Return a paper: pictures to look at, PDF files to keep; never to be cached or run."""
    response = FileResponse(
        document_folder(document.application_id).open(document.file),
        as_attachment=document.content_type == PDF,
        filename=document.name,
        content_type=document.content_type,
    )
    response["Cache-Control"] = "private, no-store"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
