"""Shortcuts through Django give what Django gives."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from django.conf import LazySettings, settings
from django.db import connections
from django.http import HttpResponse
from django.http.response import BadHeaderError, ResponseHeaders
from django.test import override_settings
from django.urls import Resolver404, URLResolver, get_resolver
from django.urls.resolvers import RegexPattern

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
