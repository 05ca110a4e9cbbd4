"""Pages for hosts without a shop that can be served."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from kit.errors import DomainError, error_body
from tenants.errors import ShopGoneError, ShopNotFoundError, ShopOutdatedError, ShopUnavailableError

RETRY_SECONDS = "30"


@never_cache
@csrf_exempt
def unknown_host(request: HttpRequest) -> HttpResponse:
    """Show that this host has no shop, with a link to the market."""
    return _answer(
        request, ShopNotFoundError(gettext("There is no shop at this address.")), "tenants/unknown_host.html"
    )


@never_cache
@csrf_exempt
def unavailable(request: HttpRequest) -> HttpResponse:
    """Show that the shop exists and cannot be reached."""
    return _later(_answer(request, ShopUnavailableError(), "tenants/unavailable.html"))


@never_cache
@csrf_exempt
def outdated(request: HttpRequest) -> HttpResponse:
    """Show that the shop is being updated."""
    return _later(_answer(request, ShopOutdatedError(), "tenants/outdated.html"))


@never_cache
@csrf_exempt
def gone(request: HttpRequest) -> HttpResponse:
    """Show that the shop was deleted."""
    return _answer(request, ShopGoneError(), "tenants/gone.html")


def _later(response: HttpResponse) -> HttpResponse:
    response["Retry-After"] = RETRY_SECONDS
    return response


def _answer(request: HttpRequest, error: DomainError, template: str) -> HttpResponse:
    if request.path_info.startswith("/api/"):
        body = error_body(code=error.code, message=error.message)
        return JsonResponse(body, status=error.status)
    return render(request, template, {"error": error}, status=error.status)
