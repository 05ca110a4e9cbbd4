"""Answers that are a PDF file."""

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers
from django.utils.http import content_disposition_header

PDF = "application/pdf"
JSON = "application/json"


def prefers_pdf(request: HttpRequest) -> bool:
    """Return whether a caller asks for a PDF rather than for JSON, which they get if they don't mind."""
    return request.get_preferred_type([JSON, PDF]) == PDF


def pdf_response(content: bytes, *, file_name: str) -> HttpResponse:
    """Return a PDF of a person's own, which browsers show and no cache keeps."""
    response = HttpResponse(content, content_type=PDF)
    response.headers["Content-Disposition"] = content_disposition_header(False, file_name) or "inline"
    response.headers["Cache-Control"] = "private, no-store"
    patch_vary_headers(response, ["Accept"])
    return response
