"""Shortcuts through places of Django that every request passes, most of them dozens of times (docs/adr/0059, 0069).

Each gives what Django's own gives; a test compares the two. They are taken when the apps are loaded, in every process;
addresses are remembered in web processes.
"""

import threading
from collections.abc import Iterable
from functools import lru_cache
from typing import Any, cast

from django.conf import LazySettings
from django.core.signals import request_finished, request_started
from django.db import connections
from django.http.response import ResponseHeaders
from django.urls import base as urls_base
from django.urls import get_resolver
from django.utils import timezone
from django.utils.translation import trans_real

from kit.template_shortcuts import take_template_shortcuts
from kit.web.components import render_components_directly

MOST_NAMES = 200  # of headers; our own code gives them
_store_converted = ResponseHeaders.__setitem__


def take_shortcuts() -> None:
    """Take all of the shortcuts below, and those through templates and their components (docs/adr/0097)."""
    read_settings_directly()
    keep_connections_by_thread()
    keep_state_by_thread()
    store_plain_headers_directly()
    read_headers_directly()
    remember_receivers()
    take_template_shortcuts()
    render_components_directly()


def read_settings_directly() -> None:
    """Look a setting up without the check for methods of a proxy, which `LazySettings` has none of."""
    cast("Any", LazySettings).__getattribute__ = object.__getattribute__


def keep_connections_by_thread() -> None:
    """Keep database connections in a thread's own storage, without looking for a coroutine that may have others.

    No coroutine of ours asks the database (docs/adr/0033). Connections that are open stay where they are.
    """
    if not isinstance(cast("Any", connections)._connections, threading.local):  # noqa: SLF001 - there is no setting
        cast("Any", connections)._connections = threading.local()  # noqa: SLF001


def keep_state_by_thread() -> None:
    """Keep a request's language, time zone, prefix and urlconf in its thread's own storage, for the same reason.

    asgiref's storage for coroutines is written in Python, and is asked for each translated text.
    """
    for module, names in {
        trans_real: ("_active",),
        timezone: ("_active",),
        urls_base: ("_prefixes", "_urlconfs"),
    }.items():
        for name in names:
            if not isinstance(getattr(module, name), threading.local):
                setattr(module, name, threading.local())


def store_plain_headers_directly() -> None:
    """Store a header of printable ASCII as it is; Django encodes and decodes each twice to see that it is one."""
    cast("Any", ResponseHeaders).__setitem__ = _store_header


def _store_header(headers: Any, name: Any, value: Any) -> None:
    if type(name) is type(value) is str and value.isascii() and value.isprintable() and (lower := _lower_name(name)):
        headers._store[lower] = (name, value)  # noqa: SLF001 - as its own method does
    else:
        _store_converted(headers, name, value)


@lru_cache(maxsize=MOST_NAMES)
def _lower_name(name: str) -> str:
    """Return a name of printable ASCII in small letters, and nothing for others."""
    return name.lower() if name.isascii() and name.isprintable() else ""


def read_headers_directly() -> None:
    """Look an answer's headers up in their store; Django finds by exceptions that one is missing."""
    kind = cast("Any", ResponseHeaders)
    kind.items, kind.__contains__, kind.get = _header_items, _has_header, _header


def _header_items(headers: Any) -> Iterable[tuple[str, str]]:
    items: Iterable[tuple[str, str]] = headers._store.values()  # noqa: SLF001
    return items


def _has_header(headers: Any, name: str) -> bool:
    return name.lower() in headers._store  # noqa: SLF001


def _header(headers: Any, name: str, default: Any = None) -> Any:
    found = headers._store.get(name.lower())  # noqa: SLF001
    return default if found is None else found[1]


def remember_receivers() -> None:
    """Remember the receivers of the signals around a request, as Django does for those of models.

    Connecting or disconnecting one makes a signal look for them again.
    """
    for signal in (request_started, request_finished):
        cast("Any", signal).use_caching, cast("Any", signal).sender_receivers_cache = True, {}  # None sends too


def remember_addresses(urlconf: str) -> None:
    """Remember the views of the latest addresses of a host; an address without one is looked for again each time."""
    resolver: Any = get_resolver(urlconf)
    resolver.resolve = lru_cache(maxsize=512)(resolver.resolve)
