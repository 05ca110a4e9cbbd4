"""Pictures that were uploaded, for installations where no proxy or storage of its own hands them out."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponseBase, HttpResponsePermanentRedirect
from django.urls import URLPattern, re_path
from django.views.static import serve

from config.settings.parts.files import PICTURE_SECONDS
from kit.files import media_url


def media_urls() -> list[URLPattern]:
    """Return the addresses of pictures, or none where SERVE_MEDIA leaves them to another server."""
    view = redirect_to_bucket if settings.MEDIA_BUCKET else show
    return [re_path(r"^media/(?P<path>.*)$", view)] if settings.SERVE_MEDIA else []


def redirect_to_bucket(_request: HttpRequest, path: str) -> HttpResponseBase:
    """Lead to a picture's place in the bucket from its address of before, which letters and other sites have."""
    address = media_url(path)
    if not address:
        raise Http404
    return HttpResponsePermanentRedirect(address)


def show(request: HttpRequest, path: str) -> HttpResponseBase:
    """Hand out a file below MEDIA_ROOT, as a picture and nothing that a browser would run."""
    response = serve(request, path, document_root=str(settings.MEDIA_ROOT))
    response.headers["Cache-Control"] = f"public, max-age={PICTURE_SECONDS}"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
