"""Shortcuts through places of Django that every request passes, most of them dozens of times (docs/adr/0059).

Each gives what Django's own gives; a test compares the two. They are taken when the apps are loaded, in every process;
addresses are remembered in web processes.
"""

import threading
from functools import lru_cache
from typing import Any, cast

from django.conf import LazySettings
from django.db import connections
from django.http.response import ResponseHeaders
from django.urls import get_resolver

_store_converted = ResponseHeaders.__setitem__


def take_shortcuts() -> None:
    """Take all of the shortcuts below."""
    read_settings_directly()
    keep_connections_by_thread()
    store_plain_headers_directly()


def read_settings_directly() -> None:
    """Look a setting up without the check for methods of a proxy, which `LazySettings` has none of."""
    cast("Any", LazySettings).__getattribute__ = object.__getattribute__


def keep_connections_by_thread() -> None:
    """Keep database connections in a thread's own storage, without looking for a coroutine that may have others.

    No coroutine of ours asks the database (docs/adr/0033). Connections that are open stay where they are.
    """
    if not isinstance(cast("Any", connections)._connections, threading.local):  # noqa: SLF001 - there is no setting
        cast("Any", connections)._connections = threading.local()  # noqa: SLF001


def store_plain_headers_directly() -> None:
    """Store a header of printable ASCII as it is; Django encodes and decodes each twice to see that it is one."""
    cast("Any", ResponseHeaders).__setitem__ = _store_header


def _store_header(headers: Any, name: Any, value: Any) -> None:
    is_text = type(name) is type(value) is str
    if is_text and name.isascii() and name.isprintable() and value.isascii() and value.isprintable():
        headers._store[name.lower()] = (name, value)  # noqa: SLF001 - as its own method does
    else:
        _store_converted(headers, name, value)


def remember_addresses(urlconf: str) -> None:
    """Remember the views of the latest addresses of a host; an address without one is looked for again each time."""
    resolver: Any = get_resolver(urlconf)
    resolver.resolve = lru_cache(maxsize=512)(resolver.resolve)
