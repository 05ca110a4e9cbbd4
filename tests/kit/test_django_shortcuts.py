"""Shortcuts through Django give what Django gives."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.conf import LazySettings, settings
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import connections
from django.http import HttpResponse
from django.http.response import BadHeaderError, ResponseHeaders
from django.test import override_settings
from django.urls import Resolver404, URLResolver, get_resolver, get_urlconf, set_urlconf
from django.urls.resolvers import RegexPattern
from django.utils import translation
from django.utils.datastructures import CaseInsensitiveMapping

from kit import django_shortcuts
from kit.ids import uuid7


def stored(store: Any, name: Any, value: Any) -> Any:
    """Return what a way of storing a header leaves behind, or the error that it raises."""
    headers = ResponseHeaders({})
    try:
        store(headers, name, value)
    except (BadHeaderError, UnicodeError) as error:
        return type(error)
    return headers._store


@pytest.mark.parametrize("name", ["X-Some", "x-some", "X-Söme", b"X-Bytes", "X\nY", ""])
@pytest.mark.parametrize(
    "value",
    ["plain", "", 'attachment; filename="a b"', "é", "日本", "a\nb", "a\r\nSet-Cookie: x=1", "a\x00", "\x7f", "\t"],
)
def test_a_header_is_stored_or_refused_as_django_does(name: Any, value: Any) -> None:
    ours, django = ResponseHeaders.__setitem__, django_shortcuts._store_converted
    assert ours is not django
    for each in (value, value.encode("utf-8")):
        assert stored(ours, name, each) == stored(django, name, each)
    assert stored(ours, name, 7) == stored(django, name, 7)


def test_an_answer_cannot_be_split_by_a_header() -> None:
    for name, value in (("Location", "/a\r\nSet-Cookie: a=b"), ("Location\n", "/a"), ("Location", "/a\n")):
        with pytest.raises(BadHeaderError):
            HttpResponse()[name] = value


def test_headers_are_looked_up_as_in_any_mapping() -> None:
    response = HttpResponse(headers={"X-One": "a", "x-two": "b"})
    headers = response.headers
    assert [*headers.items()] == [*CaseInsensitiveMapping.items(headers)]
    assert dict(headers) == {"Content-Type": "text/html; charset=utf-8", "X-One": "a", "x-two": "b"}
    for name in ("x-one", "X-TWO", "x-three", "X-Öne", ""):
        assert (name in headers) is Mapping.__contains__(headers, name)
        assert headers.get(name) == Mapping.get(headers, name)
        assert headers.get(name, "none") == Mapping.get(headers, name, "none")
    headers["X-ONE"] = "c"
    del headers["x-two"]
    assert [*headers.items()] == [*CaseInsensitiveMapping.items(headers)]
    assert dict(headers.items()) == {"Content-Type": "text/html; charset=utf-8", "X-ONE": "c"}


def test_names_of_headers_are_not_remembered_without_end() -> None:
    for number in range(2 * django_shortcuts.MOST_NAMES):
        HttpResponse()[f"X-{number}"] = "a"
    assert django_shortcuts._lower_name.cache_info().currsize == django_shortcuts.MOST_NAMES


def test_receivers_that_come_and_go_are_noticed() -> None:
    heard: list[str] = []

    def listen(**_: Any) -> None:
        heard.append("listen")

    for signal in (request_started, request_finished):
        assert signal.use_caching
        others = len(signal._live_receivers(WSGIHandler)[0])
        signal.connect(listen)
        try:
            assert len(signal._live_receivers(WSGIHandler)[0]) == others + 1
            assert len(signal._live_receivers(WSGIHandler)[0]) == others + 1
        finally:
            signal.disconnect(listen)
        assert len(signal._live_receivers(WSGIHandler)[0]) == others


def test_each_thread_has_its_own_language_and_urlconf() -> None:
    def look() -> tuple[str, str | None]:
        found = translation.get_language(), get_urlconf()
        translation.activate("fr")
        set_urlconf("config.urls_shop")
        return found

    with translation.override("en-ng"), ThreadPoolExecutor(1) as pool:
        set_urlconf("config.urls_platform")
        try:
            assert pool.submit(look).result() == (settings.LANGUAGE_CODE, None)
            assert (translation.get_language(), get_urlconf()) == ("en-ng", "config.urls_platform")
        finally:
            set_urlconf(None)


def test_a_changed_setting_is_read_at_once() -> None:
    assert LazySettings.__getattribute__ is object.__getattribute__
    before = int(settings.CART_TTL_SECONDS)
    with override_settings(CART_TTL_SECONDS=41):
        assert settings.CART_TTL_SECONDS == 41
        with override_settings(CART_TTL_SECONDS=42):
            assert settings.CART_TTL_SECONDS == 42
        assert settings.CART_TTL_SECONDS == 41
    assert before == settings.CART_TTL_SECONDS
    with pytest.raises(AttributeError):
        getattr(settings, "THERE_IS_NO_SUCH_SETTING")  # noqa: B009 - the type says so too


def test_each_thread_has_its_own_connection() -> None:
    found: dict[str, list[Any]] = {}

    def look(name: str) -> None:
        found[name] = [connections["default"], connections["default"], *connections.all(initialized_only=True)]

    threads = [threading.Thread(target=look, args=(name,)) for name in "ab"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {len({id(each) for each in own}) for own in found.values()} == {1}
    assert found["a"][0] is not found["b"][0]
    assert connections["default"] not in (found["a"][0], found["b"][0])


def test_addresses_that_are_remembered_lead_where_django_leads() -> None:
    urlconf = settings.PUBLIC_SCHEMA_URLCONF
    fresh, remembering = URLResolver(RegexPattern(r"^/"), urlconf), get_resolver(urlconf)
    try:
        django_shortcuts.remember_addresses(urlconf)
        for path in ["/", "/api/v1/cart/items/", f"/api/v1/cart/items/{uuid7()}/", "/api/v1/orders/KS-1/pay/"] * 2:
            ours, django = remembering.resolve(path), fresh.resolve(path)
            assert (ours.func, ours.kwargs, ours.route) == (django.func, django.kwargs, django.route)
        for _ in range(2):
            with pytest.raises(Resolver404):
                remembering.resolve("/no/such/address/")
    finally:
        vars(remembering).pop("resolve")
