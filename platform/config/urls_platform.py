"""Addresses on the platform's host: buyers, operators, webhooks."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path

from accounts.access import admin_sign_in
from config.favicon import favicon
from config.media import media_urls
from config.styleguide import styleguide
from config.urls_docs import docs_urls
from kit.web.live import last_change

handler400 = "config.refusals.bad_request"
handler403 = "config.refusals.forbidden"
handler404 = "config.refusals.not_found"
handler500 = "config.refusals.server_error"

admin.autodiscover()

urlpatterns = [
    path("live/<str:token>/", last_change, name="live"),
    path("favicon.ico", favicon, name="favicon"),
    # Programs call most and wait least; what they call most comes first.
    path("api/v1/", include("checkout.api_urls")),
    path("api/v1/", include("catalogue.discovery.api_urls")),
    path("api/v1/", include("tenants.applications.api_urls")),
    path("api/v1/", include("tenants.api_urls")),
    path("api/v1/auth/", include("accounts.api_urls")),
    path("api/v1/", include("accounts.places_api_urls")),
    path("api/v1/", include("notifications.api_urls")),
    path("api/v1/operator/", include("console.api_urls")),
    path("webhooks/", include("webhooks.urls")),
    path("", include("catalogue.discovery.urls")),
    path("", include("checkout.urls")),
    path("sell/", include("tenants.applications.urls")),
    path("", include("tenants.urls")),
    path("account/", include("accounts.urls")),
    path("account/", include("accounts.allauth_urls")),
    path("notifications/", include("notifications.urls")),
    path("operator/", include("console.urls")),
    path("admin/login/", admin_sign_in),
    path("admin/", admin.site.urls),
    path("health/", include("runtime.urls")),
    *docs_urls(__name__),
    *media_urls(),
]
if settings.ENVIRONMENT == "local":
    urlpatterns.append(path("styleguide/", styleguide))
