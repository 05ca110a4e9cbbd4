"""The API's description, as a file and as two readers of it, on every host."""

from django.urls import URLPattern, path
from drf_spectacular.views import SpectacularAPIView, SpectacularRedocView, SpectacularSwaggerView


def docs_urls(urlconf: str) -> list[URLPattern]:
    """Describe the API of one host; drf-spectacular would describe the shops' on every host."""
    schema = SpectacularAPIView.as_view(urlconf=urlconf)
    return [
        path("api/schema/", schema, name="api-schema"),
        path("api/docs/", SpectacularSwaggerView.as_view(url_name="api-schema"), name="api-docs"),
        path("api/redoc/", SpectacularRedocView.as_view(url_name="api-schema"), name="api-redoc"),
    ]
