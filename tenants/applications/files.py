"""Responses with an applicant's documents, for permitted callers."""

from django.http import HttpResponse

from kit.documents import PDF
from kit.private_files import private_file_response
from tenants.applications.services.documents import document_folder
from tenants.models import ApplicationDocument


def document_response(document: ApplicationDocument) -> HttpResponse:
    """Return a document: pictures inline, PDF files as downloads."""
    return private_file_response(
        document_folder(document.application_id),
        document.file,
        file_name=document.name,
        content_type=document.content_type,
        is_attachment=document.content_type == PDF,
    )
