"""Pictures that were uploaded, for installations where no proxy or storage of its own hands them out."""

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.urls import URLPattern, re_path
from django.views.static import serve

CACHE_SECONDS = 24 * 3600  # a new picture has a new name


def media_urls() -> list[URLPattern]:
    """Return the addresses of pictures, or none where SERVE_MEDIA leaves them to another server."""
    return [re_path(r"^media/(?P<path>.*)$", show)] if settings.SERVE_MEDIA else []


def show(request: HttpRequest, path: str) -> HttpResponseBase:
    """Hand out a file below MEDIA_ROOT, as a picture and nothing that a browser would run."""
    response = serve(request, path, document_root=str(settings.MEDIA_ROOT))
    response.headers["Cache-Control"] = f"public, max-age={CACHE_SECONDS}"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
