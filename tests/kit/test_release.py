"""A call of the API leaves nothing for the cycle collector: a request is freed with its answer."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler, WSGIRequest
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.test import RequestFactory
from rest_framework.response import Response

from kit.api.release import ReleaseMiddleware
from kit.web.lazy_values import lazily_of


@pytest.fixture
def garbage() -> Iterator[list[Any]]:
    """What only the cycle collector would free, once `gc.collect` has run."""
    gc.collect()
    gc.disable()
    gc.set_debug(gc.DEBUG_SAVEALL)
    for signal in (request_started, request_finished):  # as the test client: the test's connection stays open
        signal.disconnect(close_old_connections)
    yield gc.garbage
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)
    gc.set_debug(0)
    gc.garbage.clear()
    gc.enable()


def ask(path: str) -> str:
    """Answer a request as a server does, keep nothing of it but its status, and return that."""
    statuses: list[str] = []
    environ = RequestFactory().get(path, HTTP_HOST=settings.BASE_DOMAIN).environ
    handler: Any = WSGIHandler()
    answer = handler(dict(environ), lambda status, _: statuses.append(status))
    list(answer)
    answer.close()
    return statuses[0][:3]


def start_again(garbage: list[Any]) -> None:
    """Forget what the first request left, which fills caches."""
    gc.collect()
    garbage.clear()


def requests_in(garbage: list[Any]) -> list[str]:
    gc.collect()
    return [each.path for each in garbage if type(each) is WSGIRequest]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/api/v1/cart/", "200"),
        ("/api/v1/orders/", "401"),
        ("/api/v1/listings/", "200"),
        ("/api/v1/listings/nothing/", "404"),
        ("/api/v1/categories/", "200"),
        ("/api/v1/shops/", "200"),
    ],
)
def test_a_request_is_freed_with_its_answer(path: str, status: str, db: None, garbage: list[Any]) -> None:
    ask(path)
    start_again(garbage)

    assert ask(path) == status
    assert requests_in(garbage) == []


def test_an_answer_that_keeps_its_view_is_found(db: None, garbage: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ReleaseMiddleware, "__call__", lambda self, request: self.get_response(request))
    ask("/api/v1/cart/")
    start_again(garbage)
    ask("/api/v1/cart/")

    assert "/api/v1/cart/" in requests_in(garbage)


def test_a_value_of_a_request_is_made_once_and_does_not_keep_it(rf: RequestFactory) -> None:
    made: list[str] = []
    request = rf.get("/here/")
    late, value = (lazily_of(request, lambda seen: made.append(seen.path) or [seen.path]) for _ in range(2))

    assert made == []
    assert value == ["/here/"]
    assert value[0] == "/here/"
    assert made == ["/here/"]
    del request
    with pytest.raises(RuntimeError, match="request is over"):
        len(late)


def test_an_answer_keeps_its_data(rf: RequestFactory) -> None:
    response: Any = Response({"a": 1})
    response.renderer_context = {"view": None, "request": None, "response": response}

    ReleaseMiddleware(lambda _: response)(rf.get("/"))

    assert response.data == {"a": 1}
    assert response.renderer_context == {}
