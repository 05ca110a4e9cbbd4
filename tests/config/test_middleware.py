"""Our versions of others' middleware send what theirs would."""

from collections.abc import Callable
from typing import Any

import pytest
from csp.constants import SELF
from csp.decorators import csp_exempt, csp_replace, csp_update
from csp.middleware import CSPMiddleware
from django.contrib import messages
from django.contrib.sessions.backends.signed_cookies import SessionStore
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from rest_framework.exceptions import NotAcceptable
from rest_framework.renderers import BrowsableAPIRenderer, JSONRenderer
from rest_framework.request import Request

from config.middleware import ContentPolicyMiddleware, LazyMessageMiddleware
from kit.api.negotiation import OneFormat

POLICY = "Content-Security-Policy"
View = Callable[[HttpRequest], HttpResponse]


def page(_request: HttpRequest) -> HttpResponse:
    return HttpResponse("<p>Indigo</p>")


def page_with_its_own(_request: HttpRequest) -> HttpResponse:
    return HttpResponse(headers={POLICY: "default-src 'none'"})


@pytest.mark.parametrize(
    "view",
    [
        page,
        page_with_its_own,
        csp_update({"style-src": [SELF]})(page),
        csp_replace({"img-src": ["data:"]})(page),
        csp_exempt()(page),
    ],
)
@pytest.mark.parametrize("path", ["/", "/api/v1/listings/", "/admin/"])
def test_the_content_policy_is_django_csps(view: View, path: str, rf: RequestFactory) -> None:
    ours = ContentPolicyMiddleware(view)(rf.get(path))
    theirs = CSPMiddleware(view)(rf.get(path))

    assert ours.headers.get(POLICY) == theirs.headers.get(POLICY)


def test_the_store_of_messages_is_opened_by_who_needs_it(rf: RequestFactory) -> None:
    opened: list[str] = []

    def leave_one(request: HttpRequest) -> HttpResponse:
        messages.success(request, "Saved.")
        return HttpResponse()

    def read_them(request: HttpRequest) -> HttpResponse:
        opened.extend(str(message) for message in messages.get_messages(request))
        return HttpResponse()

    first, second, third = rf.get("/"), rf.get("/"), rf.get("/")
    for request in (first, second, third):
        request.session = SessionStore()
    left: Any = LazyMessageMiddleware(leave_one)(first)
    second.COOKIES = third.COOKIES = {name: cookie.value for name, cookie in left.cookies.items()}
    untouched: Any = LazyMessageMiddleware(page)(second)
    read: Any = LazyMessageMiddleware(read_them)(third)

    assert not untouched.cookies
    assert opened == ["Saved."]
    assert read.cookies["messages"]["max-age"] == 0


@pytest.mark.parametrize("accepted", ["text/html", "application/json; indent=4", "*/*", "nonsense", ""])
def test_an_only_format_is_what_everybody_gets(accepted: str, rf: RequestFactory) -> None:
    request = Request(rf.get("/", headers={"Accept": accepted}))
    [only] = found = [JSONRenderer()]

    assert OneFormat().select_renderer(request, found) == (only, "application/json")


def test_among_several_formats_the_caller_chooses(rf: RequestFactory) -> None:
    several = [JSONRenderer(), BrowsableAPIRenderer()]

    chosen, _ = OneFormat().select_renderer(Request(rf.get("/", headers={"Accept": "text/html"})), several)
    assert chosen is several[1]
    with pytest.raises(NotAcceptable):
        OneFormat().select_renderer(Request(rf.get("/", headers={"Accept": "image/png"})), several)
