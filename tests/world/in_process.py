"""The market as a transport of httpx, in the test's own transaction."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import httpx
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections


@contextmanager
def in_process() -> Iterator[httpx.WSGITransport]:
    """Answer calls within this process, on the test's database connection."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    try:
        yield httpx.WSGITransport(app=WSGIHandler())
    finally:
        for signal in signals:
            signal.connect(close_old_connections)
