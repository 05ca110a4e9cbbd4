"""The API's description over HTTP, made once for each host's API, language and form: that takes over a second."""

from __future__ import annotations

from functools import lru_cache

from django.http import HttpResponse
from django.utils.translation import get_language
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.views import SpectacularAPIView
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from config.openapi import THIS_HOST
from kit.web.hosts import platform_url

KEPT = 4  # texts of two to five megabytes
PLACE = "https://this-host.invalid"


class DescriptionView(SpectacularAPIView):
    """Gives everybody the same text, in which the host that was asked stands first among the servers."""

    schema = None  # no operation of the API

    def _get_schema_response(self, request: Request) -> HttpResponse | Response:
        if "version" in request.query_params:
            return super()._get_schema_response(request)  # type: ignore[no-any-return]
        renderer, media_type = self.perform_content_negotiation(request, force=True)
        here, market = f"{request.scheme}://{request.get_host()}", platform_url("/").rstrip("/")
        text = _text(str(self.urlconf), get_language() or "", type(renderer), market, here != market)  # type: ignore[arg-type]
        return HttpResponse(
            text.replace(PLACE.encode(), here.encode()),
            content_type=f"{media_type}; charset=utf-8",
            headers={"Content-Disposition": f'inline; filename="{self._get_filename(request, None)}"'},
        )


@lru_cache(maxsize=KEPT)
def _text(urlconf: str, _language: str, renderer: type[BaseRenderer], _market: str, names_host: bool) -> bytes:
    description = SchemaGenerator(urlconf=urlconf).get_schema(request=None, public=True)
    if names_host:
        description["servers"].insert(0, {"url": PLACE, "description": THIS_HOST})
    text = renderer().render(description, renderer_context={})
    return text.encode() if isinstance(text, str) else text
