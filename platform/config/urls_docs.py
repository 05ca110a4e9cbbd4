"""The API's root, its guide and its description: as a file, as two readers of it and for Postman, on every host."""

import json
from functools import cache, lru_cache, partial
from http import HTTPStatus
from pathlib import Path

from csp.constants import SELF, UNSAFE_INLINE
from csp.decorators import csp_update
from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import URLPattern, path
from django.utils.translation import get_language, gettext
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.views import SpectacularRedocView, SpectacularSwaggerSplitView

from config.description_view import DescriptionView
from kit.api.postman import collection_of
from kit.errors import error_body, success_body
from kit.web.hosts import platform_url

GUIDE = "docs/api.md"
LOCAL_MARKET, LOCAL_SHOP = "http://kasuwa.localhost:8000", "http://indigo-fabrics.kasuwa.localhost:8000"
REDOC = "drf_spectacular_sidecar/redoc/bundles/redoc.standalone.js"
# Redoc shows its maker's logo from there, and so tells others who reads our API, or fails without a network.
REDOC_LOGO = "https://cdn.redoc.ly/redoc/logo-mini.svg"
NO_PICTURE = "data:,"
READS = ("GET", "HEAD")
# Both write their styles into the page; Redoc searches in a worker that it makes itself.
readers_csp = csp_update({"style-src": [SELF, UNSAFE_INLINE], "worker-src": [SELF, "blob:"]})


def docs_urls(urlconf: str) -> list[URLPattern]:
    """Describe the API of one host; drf-spectacular would describe the shops' on every host."""
    schema = DescriptionView.as_view(urlconf=urlconf)
    swagger = SpectacularSwaggerSplitView.as_view(url_name="api-schema")
    redoc = SpectacularRedocView.as_view(url_name="api-schema")
    return [
        path("api/", api_root, name="api-root"),
        path("api/schema/", schema, name="api-schema"),
        path("api/docs/", readers_csp(swagger), name="api-docs"),
        path("api/guide/", guide, name="api-guide"),
        path("api/postman/", partial(postman, urlconf=urlconf), name="api-postman"),
        path("api/redoc/", readers_csp(redoc), name="api-redoc"),
        path("api/redoc/redoc.js", redoc_script, name="api-redoc-script"),
    ]


def api_root(request: HttpRequest) -> HttpResponse:
    """Return the API's versions and the addresses of its description."""
    if request.method not in READS:
        body = error_body(code="method_not_allowed", message=gettext("This address can only be read."))
        return JsonResponse(body, status=HTTPStatus.METHOD_NOT_ALLOWED, headers={"Allow": ", ".join(READS)})
    data = {
        "name": settings.SPECTACULAR_SETTINGS["TITLE"],
        "versions": {settings.SPECTACULAR_SETTINGS["VERSION"]: "/api/v1/"},
        "description": "/api/schema/",
        "docs": "/api/docs/",
        "guide": "/api/guide/",
        "postman": "/api/postman/",
    }
    return JsonResponse(success_body(data), headers={"Cache-Control": "public, max-age=3600"})


@require_safe
@cache_control(public=True, max_age=3600)
def guide(_request: HttpRequest) -> HttpResponse:
    """Return the guide to the API as Markdown, with this market's addresses."""
    return HttpResponse(_guide(), content_type="text/markdown; charset=utf-8")


@cache
def _guide() -> str:
    text = (settings.ROOT_DIR / GUIDE).read_text(encoding="utf-8")
    market = platform_url("/").rstrip("/")
    shop = market.replace("://", "://indigo-fabrics.", 1)
    return text.replace(LOCAL_SHOP, shop).replace(LOCAL_MARKET, market)


@require_safe
@cache_control(private=True, max_age=3600)  # its refusals are in the reader's language
def postman(_request: HttpRequest, *, urlconf: str) -> HttpResponse:
    """Return the description of this host's API as a Postman collection, in a file."""
    name = urlconf.rpartition("_")[2]
    return HttpResponse(
        _postman(urlconf, get_language() or ""),
        content_type="application/json",
        headers={"Content-Disposition": f'attachment; filename="kasuwa-{name}.postman_collection.json"'},
    )


@lru_cache(maxsize=2 * len(settings.LANGUAGES))
def _postman(urlconf: str, _language: str) -> str:
    description = SchemaGenerator(urlconf=urlconf).get_schema(request=None, public=True)
    plain = json.loads(json.dumps(description, default=str))
    return json.dumps(collection_of(plain), ensure_ascii=False, indent=1)


@require_safe
@cache_control(public=True, max_age=24 * 3600)
def redoc_script(_request: HttpRequest) -> HttpResponse:
    """Serve Redoc without what it would load from elsewhere."""
    return HttpResponse(_redoc(), content_type="text/javascript; charset=utf-8")


@cache
def _redoc() -> str:
    found = finders.find(REDOC)
    if not isinstance(found, str):
        raise FileNotFoundError(REDOC)
    return Path(found).read_text(encoding="utf-8").replace(REDOC_LOGO, NO_PICTURE)
