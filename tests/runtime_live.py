"""The site over real HTTP inside a test process, for webhooks and browsers."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx
from django.conf import settings
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.db import connections
from django.test.testcases import LiveServerThread, QuietWSGIRequestHandler


class _ReusingThread(LiveServerThread):
    """Takes a port that the test before has just let go of."""

    def _create_server(self, connections_override: Any = None) -> Any:
        return self.server_class(
            (self.host, self.port),
            QuietWSGIRequestHandler,
            allow_reuse_address=True,
            connections_override=connections_override,
        )


@dataclass(frozen=True, slots=True)
class LiveSite:
    """Addresses of a running site. Browsers resolve `*.localhost` themselves; `http` does it for tests."""

    port: int

    def url(self, path: str = "/", *, shop: str = "") -> str:
        """An address for a browser; `shop` is a slug, empty for the platform."""
        return f"http://{self._host(shop)}:{self.port}{path}"

    def http(self, *, shop: str = "") -> httpx.Client:
        """An HTTP client on the platform's host or a shop's; to be used in a `with` block."""
        headers = {"Host": f"{self._host(shop)}:{self.port}"}
        return httpx.Client(base_url=f"http://127.0.0.1:{self.port}", headers=headers, timeout=10)

    def _host(self, shop: str) -> str:
        domain: str = settings.BASE_DOMAIN
        return f"{shop}.{domain}" if shop else domain


def free_port() -> int:
    """A port that is free now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serve(port: int) -> Iterator[LiveSite]:
    """Serve the site from a thread, each request with a connection of its own."""
    thread = _ReusingThread("127.0.0.1", StaticFilesHandler, port=port)
    thread.daemon = True
    thread.start()
    thread.is_ready.wait()
    if thread.error:
        raise thread.error
    try:
        yield LiveSite(port)
    finally:
        thread.terminate()
        connections.close_all()
