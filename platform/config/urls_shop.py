"""Addresses on a shop's host: its staff's dashboard and API."""

from django.urls import include, path

from config.favicon import favicon
from config.media import media_urls
from config.urls_docs import docs_urls
from kit.web.live import last_change

handler400 = "config.refusals.bad_request"
handler403 = "config.refusals.forbidden"
handler404 = "config.refusals.not_found"
handler500 = "config.refusals.server_error"
handler429 = "accounts.views.sign_in.too_many"  # allauth asks here

urlpatterns = [
    path("live/<str:token>/", last_change, name="live"),
    path("favicon.ico", favicon, name="favicon"),
    path("", include("vendors.urls")),
    path("account/", include("accounts.shop_urls")),
    path("health/", include("runtime.urls")),
    path("api/v1/", include("vendors.api_urls")),
    *docs_urls(__name__),
    *media_urls(),
]
