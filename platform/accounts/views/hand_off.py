"""Signing in at a shop's own domain: handed over by the platform, taken up there."""

import re
from http import HTTPStatus
from urllib.parse import urlencode

from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from accounts.access import signed_in_user
from accounts.errors import HandOffError
from accounts.hand_off import confidential, kept_secret, redirect_by_page
from accounts.redirects import current_url, is_own_path, sign_in_url
from accounts.services.hand_off import issue_hand_off, redeem_hand_off
from accounts.services.own_domains import is_own_domain, works_at
from kit.web.hosts import host_url, is_platform_host, requested_host

STATE = re.compile(r"[0-9a-f]{64}")
AFTER_A_FORM = "after=form"  # visitors who come from the sign-in page are redirected by a page, see `redirect_by_page`
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@require_http_methods(["GET", "POST"])
def hand_over(request: HttpRequest) -> HttpResponse:
    """On the platform: hand a signed-in user over to a shop's own domain, signed in there too.

    Members of the shop are handed over at once; other users are asked first, so that no shop learns who its visitors
    are without their consent.
    """
    if not request.user.is_authenticated:
        return HttpResponseRedirect(sign_in_url(f"{current_url(request)}&{AFTER_A_FORM}"))
    host, state, path = (request.GET.get(name, "") for name in ("host", "state", "path"))
    if not STATE.fullmatch(state) or not is_own_domain(host):
        raise Http404
    user = signed_in_user(request)
    if request.method == "GET" and not works_at(user_id=user.pk, host=host):
        response = render(request, "accounts/hand_off_ask.html", {"host": host})
        # No more than that: of a page that tells no referrer, a form is posted with "Origin: null", and refused.
        response.headers["Cache-Control"] = "no-store"
        return response
    try:
        token = issue_hand_off(user=user, host=host, state=state, path=path if is_own_path(path) else "/")
    except HandOffError as error:
        return _failed(request, error)
    address = host_url(host, f"{request.path}?{urlencode({'token': token})}")
    if request.method == "POST" or AFTER_A_FORM in request.META["QUERY_STRING"]:
        return redirect_by_page(request, address)
    return confidential(HttpResponseRedirect(address))


@require_GET
def arrive(request: HttpRequest) -> HttpResponse:
    """On a shop's own domain: sign in the user of a token, once."""
    host, _ = requested_host(request)
    if is_platform_host(host):
        raise Http404
    try:
        taken = redeem_hand_off(token=request.GET.get("token", ""), host=host, secret=kept_secret(request))
    except HandOffError as error:
        return _failed(request, error)
    request.session.flush()
    login(request, taken.user, backend=BACKEND)
    path = taken.path if is_own_path(taken.path) else "/"
    return confidential(HttpResponseRedirect(host_url(host, path)))


def _failed(request: HttpRequest, error: HandOffError) -> HttpResponse:
    context = {"message": error.message, "again": reverse("accounts:sign-in")}
    return confidential(render(request, "accounts/hand_off_failed.html", context, status=HTTPStatus.BAD_REQUEST))
