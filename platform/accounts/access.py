"""Access to pages and the API, as far as the platform itself decides it."""

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from rest_framework.request import Request

from accounts.hand_off import leave_to_sign_in
from accounts.models import User
from accounts.redirects import current_url, sign_in_url
from kit.web.hosts import is_platform_host, platform_url, requested_host

Page = Callable[..., HttpResponse]


def signed_in_user(request: HttpRequest | Request) -> User:
    """Return the signed-in user, after access was checked.

    Raises:
        PermissionDenied: the caller is anonymous.
    """
    if not request.user.is_authenticated:
        raise PermissionDenied
    return request.user


def django_request(request: Request) -> HttpRequest:
    """Return the request below DRF's: what allauth and axes expect, and mark."""
    inner: HttpRequest = request._request  # noqa: SLF001 - DRF has no public name for it
    return inner


def redirect_to_sign_in(request: HttpRequest) -> HttpResponseRedirect:
    """Send a visitor to the platform's sign-in page, and back here afterwards; works on every host."""
    wants_back = request.method in {"GET", "HEAD"}
    if not is_platform_host(requested_host(request)[0]):
        return leave_to_sign_in(request, path=request.get_full_path() if wants_back else "/")
    return HttpResponseRedirect(sign_in_url(current_url(request) if wants_back else ""), status=HTTPStatus.FOUND)


def admin_sign_in(request: HttpRequest) -> HttpResponse:
    """Redirect the raw admin's sign-in to the one sign-in page, because the admin's own counts no wrong passwords.

    Raises:
        PermissionDenied: the signed-in user may not use the admin.
    """
    if request.user.is_authenticated:
        raise PermissionDenied
    wanted = request.GET.get("next", "")
    return HttpResponseRedirect(sign_in_url(platform_url(wanted) if wanted.startswith("/") else ""))


def sign_in_required(page: Page) -> Page:
    """Let only people who have signed in open a page, on the platform's host or a shop's."""

    @wraps(page)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return redirect_to_sign_in(request)
        return page(request, *args, **kwargs)

    return guarded


def is_operator(user: Any) -> bool:
    """Return whether a user works for the platform."""
    return bool(user.is_authenticated and user.is_active and user.is_operator)
