"""The site over real HTTP inside a test process, for webhooks and browsers."""

from __future__ import annotations

import fcntl
import os
import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from django.conf import settings
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.db import connections
from django.test.testcases import LiveServerThread, QuietWSGIRequestHandler

PORTS = range(20_000, 30_000)  # below those of outgoing connections, which begin at 32,768


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
        return httpx.Client(base_url=f"http://127.0.0.1:{self.port}", headers=headers, timeout=60)

    def _host(self, shop: str) -> str:
        domain: str = settings.BASE_DOMAIN
        return f"{shop}.{domain}" if shop else domain


def free_port() -> int:
    """Return a free port that is this process's until it ends: no other worker or test run of the machine is given it.

    It is none of those that the system gives to outgoing connections, so that it is still free when a server comes.
    """
    locks = port_locks(Path(tempfile.gettempdir()))
    first = os.getpid() * 31 % len(PORTS)
    for port in (*PORTS[first:], *PORTS[:first]):
        if _is_locked_for_us(locks / str(port)) and _is_free(port):
            return int(port)
    raise RuntimeError(f"No port of {PORTS} is free.")


def port_locks(folder: Path) -> Path:
    """Return the folder of the locks, in which every user of the machine may put one; whoever is first makes it."""
    locks = folder / "kasuwa-ports-of-tests"
    locks.mkdir(exist_ok=True)
    with suppress(PermissionError):  # another user's, who has done so
        locks.chmod(0o1777)
    return locks


def _is_locked_for_us(path: Path) -> bool:
    """Lock a file until this process ends; return whether nobody else has."""
    try:
        lock = os.open(path, os.O_RDWR | os.O_CREAT)
    except PermissionError:  # another user's
        return False
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(lock)
        return False
    return True


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


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
