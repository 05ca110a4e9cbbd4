"""HTTP client for providers: kept connections, a time limit, no redirects, no automatic retries."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass
from weakref import finalize

import httpcore

from gateway.calls import Breaker
from gateway.deadlines import DeadlineBackend, deadline
from gateway.errors import ProviderUnavailableError
from gateway.plain_http import KEPT_SECONDS, MOST_BYTES, DirectPool, joined
from gateway.stored_sentences import NOT_REACHED
from kit.json_text import encoder_of

CONNECTIONS: dict[str, Any] = {"max_connections": 32, "max_keepalive_connections": 16, "keepalive_expiry": KEPT_SECONDS}
_as_json = encoder_of(ensure_ascii=False)
NETWORK_ERRORS = (httpcore.TimeoutException, httpcore.NetworkError, httpcore.ProtocolError, httpcore.ProxyError)


@dataclass(frozen=True, slots=True)
class Answer:
    """Answer of a provider; header names are in lower case."""

    status: int
    content: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)


class Link:
    """One provider's address, with a pool of connections that all threads share.

    Without httpx and, where no proxy is in between, without httpcore's pool: what they add (cookies, redirects, states
    of a connection) is not wanted here, and costs several times the call on each payment (docs/performance.md).

    Args:
        timeout: seconds for a whole call: connecting, sending, and the last byte of the answer.
        breaker: of a service that has slots of its own; else that of payment providers.
        most_bytes: of an answer's body; a longer one is not read to its end, and counts as none.
    """

    def __init__(
        self, *, base_url: str, timeout: float, breaker: Breaker | None = None, most_bytes: int = MOST_BYTES
    ) -> None:
        self.base_url = base_url.rstrip("/")
        self._timeout = timeout
        self._breaker = breaker or Breaker()
        self._most_bytes = most_bytes
        self._host = urlsplit(base_url).netloc
        self._pool = _pool(base_url, most_bytes)
        finalize(self, self._pool.close)

    def send(self, method: str, url: str, *, headers: Mapping[str, str], body: Any = None) -> Answer:
        """Send a request with a JSON body and return the answer, of any status.

        Raises:
            ProviderUnavailableError: there was no answer, or not in time.
        """
        content = b"" if body is None else _as_json(body).encode()
        return self._send(method, url, content, {"Accept": "application/json", **headers})

    def send_file(self, method: str, url: str, *, content: bytes, content_type: str) -> Answer:
        """Send the bytes of a file and return the answer, of any status.

        Raises:
            ProviderUnavailableError: there was no answer, or not in time.
        """
        return self._send(method, url, content, {"Content-Type": content_type})

    def _send(self, method: str, url: str, content: bytes, headers: Mapping[str, str]) -> Answer:
        lines = {"Host": self._host, "Content-Length": str(len(content)), **headers}
        with self._breaker.call() as seconds:
            timeout = self._timeout if seconds is None else min(seconds, self._timeout)
            try:
                with deadline(timeout):
                    return self._ask(method, url, lines, content, timeout)
            except NETWORK_ERRORS as error:
                raise ProviderUnavailableError(NOT_REACHED.written(error=type(error).__name__)) from error

    def _ask(self, method: str, url: str, lines: Mapping[str, str], content: bytes, timeout: float) -> Answer:
        if isinstance(self._pool, DirectPool):
            came = self._pool.ask(method, url, headers=lines, content=content, timeout=timeout)
            return Answer(came.status, came.content, came.headers)
        limits = {"timeout": dict.fromkeys(("connect", "write", "read", "pool"), timeout)}
        headers = [*lines.items()]
        with self._pool.stream(method, url, headers=headers, content=content, extensions=limits) as answer:
            body = joined(answer.iter_stream(), self._most_bytes)
            names = {name.decode().lower(): value.decode("latin-1") for name, value in answer.headers}
            return Answer(answer.status, body, names)


def _pool(base_url: str, most_bytes: int) -> DirectPool | httpcore.HTTPProxy:
    """Return connections, through the environment's proxy where it has one for this address."""
    address = urlsplit(base_url)
    proxy = getproxies().get(address.scheme, "")
    if not proxy or proxy_bypass(address.netloc) or _is_this_machine(address.hostname or ""):
        return DirectPool(most_bytes)
    address_of_proxy = proxy if "://" in proxy else f"http://{proxy}"
    return httpcore.HTTPProxy(address_of_proxy, network_backend=DeadlineBackend(), **CONNECTIONS)


def _is_this_machine(host: str) -> bool:
    """Return whether a host is local, such as a sandbox's, and therefore not reached through a proxy."""
    return host in {"127.0.0.1", "localhost", "::1"}
