"""Pages, style sheets and scripts as gzip (RFC 9110, section 8.4.1), for browsers that take it.

Installed files have a compressed copy beside them, which is sent instead; where there is none, as on a market that is
run from its source, a file is compressed once and kept. Pages get some random bytes, so that their length does not tell
what they hold (https://arxiv.org/abs/2208.00243, which Django follows too). What programs ask for is left as it is.
"""

import gzip
from collections.abc import Callable
from http import HTTPStatus

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase, StreamingHttpResponse
from django.utils.text import compress_string

from kit.web.headers import add_to_vary, header_of

PAGE = "text/html"
FILES = frozenset({"text/css", "text/javascript", "application/javascript", "image/svg+xml"})
SHORTEST = 1000  # bytes; what is shorter goes in one packet anyway
RANDOM_BYTES = 100
KEPT = 200  # files


class CompressionMiddleware:
    """Compresses pages, style sheets and scripts of a useful length."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response
        self._files: dict[tuple[str, str, str], bytes] = {}

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self._get_response(request)
        kind = response.headers.get("Content-Type", "").partition(";")[0]
        if response.status_code == HTTPStatus.NOT_MODIFIED or "Content-Encoding" in response.headers:
            return response
        if isinstance(response, HttpResponse) and kind == PAGE and len(response.content) >= SHORTEST:
            add_to_vary(response, "Accept-Encoding")
            if _takes_gzip(request):
                response.content = compress_string(response.content, max_random_bytes=RANDOM_BYTES)
                _label(response)
        elif isinstance(response, StreamingHttpResponse) and kind in FILES and self._is_whole_file(request, response):
            return self._file(request, response)
        return response

    def _is_whole_file(self, request: HttpRequest, response: StreamingHttpResponse) -> bool:
        is_read = request.method == "GET" and response.status_code == HTTPStatus.OK
        return is_read and request.path.startswith(settings.STATIC_URL) and _takes_gzip(request)

    def _file(self, request: HttpRequest, response: StreamingHttpResponse) -> HttpResponse:
        """Return a file's compressed form, from memory where it has not changed."""
        key = (request.path, response.headers.get("Last-Modified", ""), response.headers.get("Content-Length", ""))
        if key not in self._files:
            if len(self._files) >= KEPT:
                self._files.clear()
            self._files[key] = gzip.compress(b"".join(response.streaming_content), mtime=0)  # type: ignore[arg-type]
        response.close()
        sent = HttpResponse(self._files[key], headers=dict(response.items()))
        add_to_vary(sent, "Accept-Encoding")
        return _label(sent)


def _takes_gzip(request: HttpRequest) -> bool:
    names = (part.partition(";") for part in header_of(request, "Accept-Encoding").lower().split(","))
    return any(name.strip() == "gzip" and weight.replace(" ", "") not in {"q=0", "q=0.0"} for name, _, weight in names)


def _label(response: HttpResponse) -> HttpResponse:
    response.headers["Content-Encoding"] = "gzip"
    response.headers["Content-Length"] = str(len(response.content))
    if etag := response.headers.get("ETag", ""):
        response.headers["ETag"] = etag if etag.startswith("W/") else f"W/{etag}"
    return response
