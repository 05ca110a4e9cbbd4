"""Direct connections to providers, whose plain answers are read at a look; h11 reads all others.

An answer is plain when it has a head of printable ASCII and one length: then its bytes are counted off. Chunks, ends by
hanging up, informational answers and everything that is out of order are for h11, as in httpcore (docs/adr/0069).
Errors are httpcore's. Connections are kept, and a kept one is used again only while its other end is silent.
"""

import re
import ssl
import threading
import time
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property, lru_cache

import h11
import httpcore

from gateway.deadlines import DeadlineBackend

KEPT_SECONDS = 30
MOST_CONNECTIONS = 32
MOST_KEPT = 16
READ_BYTES = 64 * 1024
MOST_BYTES = 8 * 1024 * 1024  # of an answer's body; lists of a provider's banks or refunds stay far below
LONGEST_HEAD = 16 * 1024  # a longer one is for h11, up to its own limit
LONGEST_EVENT = 100 * 1024  # as httpcore has it
PORTS = {"http": 80, "https": 443}
TOKEN = rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
HEAD = re.compile(rb"HTTP/1\.1 ([2-5][0-9][0-9]) [ -~]*((?:\r\n" + TOKEN + rb":[ \t]*[ -~]*)*)\r\n\r\n")
END_OF_HEAD = re.compile(rb"\n\r?\n")  # as h11 takes it
NAME = re.compile(TOKEN.decode())
WITHOUT_BODY = frozenset({204, 304})


@dataclass(frozen=True, slots=True)
class RawResponse:
    """An answer as it came; header names are in small letters, and of two with one name the last is kept."""

    status: int
    headers: dict[str, str]
    content: bytes
    is_last: bool  # on its connection


@dataclass(frozen=True, slots=True)
class Target:
    """An address, taken apart."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def origin(self) -> tuple[str, str, int]:
        """Return the part that a connection is for."""
        return self.scheme, self.host, self.port


@dataclass(slots=True)
class _Kept:
    stream: httpcore.NetworkStream
    until: float


class DirectPool:
    """Connections to providers without a proxy, for all threads of a process.

    Args:
        most_bytes: of an answer's body.
    """

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._most_bytes = most_bytes
        self._network = DeadlineBackend()
        self._free = threading.Semaphore(MOST_CONNECTIONS)
        self._lock = threading.Lock()
        self._kept: dict[tuple[str, str, int], list[_Kept]] = {}

    def ask(self, method: str, url: str, *, headers: Mapping[str, str], content: bytes, timeout: float) -> RawResponse:
        """Send a request, and return the whole answer.

        Raises:
            httpcore.TimeoutException: it took too long.
            httpcore.NetworkError: there was no connection, or it was lost.
            httpcore.ProtocolError: the request or the answer is not HTTP, or the answer is too long.
        """
        target = target_of(url)
        request = _request(method, target, headers, content)
        if not self._free.acquire(timeout=timeout):
            raise httpcore.PoolTimeout("All connections to providers are in use.")
        try:
            stream = self._take(target) or self._connect(target, timeout)
            try:
                answer = _exchange(
                    stream, request, method=method, headers=headers, timeout=timeout, most_bytes=self._most_bytes
                )
            except BaseException:
                stream.close()
                raise
            self._give_back(target, stream, is_last=answer.is_last)
            return answer
        finally:
            self._free.release()

    @property
    def connections(self) -> list[httpcore.NetworkStream]:
        """Return the connections that are kept and not in use."""
        return [each.stream for of_one in self._kept.values() for each in of_one]

    def close(self) -> None:
        """Close the connections that are kept."""
        with self._lock:
            kept = self.connections
            self._kept.clear()
        for stream in kept:
            stream.close()

    def _take(self, target: Target) -> httpcore.NetworkStream | None:
        """Return the connection that was used last; one that is too old, or whose other end has hung up, is closed."""
        while True:
            with self._lock:
                of_one = self._kept.get(target.origin)
                kept = of_one.pop() if of_one else None
            if kept is None:
                return None
            if time.monotonic() < kept.until and not kept.stream.get_extra_info("is_readable"):
                return kept.stream
            kept.stream.close()

    def _give_back(self, target: Target, stream: httpcore.NetworkStream, *, is_last: bool) -> None:
        if not is_last:
            with self._lock:
                of_one = self._kept.setdefault(target.origin, [])
                if len(of_one) < MOST_KEPT:
                    of_one.append(_Kept(stream, time.monotonic() + KEPT_SECONDS))
                    return
        stream.close()

    def _connect(self, target: Target, timeout: float) -> httpcore.NetworkStream:
        stream = self._network.connect_tcp(target.host, target.port, timeout=timeout, socket_options=[])
        if target.scheme == "https":
            return stream.start_tls(self._tls, server_hostname=target.host, timeout=timeout)
        return stream

    @cached_property
    def _tls(self) -> ssl.SSLContext:
        context = httpcore.default_ssl_context()
        context.set_alpn_protocols(["http/1.1"])
        return context


@lru_cache(maxsize=64)
def target_of(url: str) -> Target:
    """Return an address taken apart; orders are paid at one address."""
    found = httpcore.URL(url)
    scheme = found.scheme.decode("ascii")
    if scheme not in PORTS:
        raise httpcore.UnsupportedProtocol(f"Providers are not asked by {scheme!r}.")
    return Target(scheme, found.host.decode("ascii"), found.port or PORTS[scheme], found.target.decode("ascii"))


def _request(method: str, target: Target, headers: Mapping[str, str], content: bytes) -> bytes:
    for name, value in headers.items():
        if not (NAME.fullmatch(name) and value.isascii() and value.isprintable()):
            raise httpcore.LocalProtocolError(f"The header {name!r} cannot be sent.")
    lines = "".join([f"{name}: {value}\r\n" for name, value in headers.items()])
    return f"{method} {target.path} HTTP/1.1\r\n{lines}\r\n".encode("ascii") + content


def joined(pieces: Iterable[bytes], most_bytes: int) -> bytes:
    """Return the pieces of a body as they come, up to a length.

    Raises:
        httpcore.RemoteProtocolError: there is more.
    """
    found, length = [], 0
    for piece in pieces:
        length += len(piece)
        _refuse_longer(length, most_bytes)
        found.append(piece)
    return b"".join(found)


def _refuse_longer(length: int, most_bytes: int) -> None:
    if length > most_bytes:
        raise httpcore.RemoteProtocolError("The answer is too long.")


def _exchange(
    stream: httpcore.NetworkStream,
    request: bytes,
    *,
    method: str,
    headers: Mapping[str, str],
    timeout: float,
    most_bytes: int,
) -> RawResponse:
    with suppress(httpcore.WriteError):  # a server that refuses a body early may have answered all the same
        stream.write(request, timeout=timeout)
    received = b""
    while len(received) <= LONGEST_HEAD and not END_OF_HEAD.search(received):
        piece = stream.read(READ_BYTES, timeout=timeout)
        if not piece:
            break
        received += piece
    plain = _read_plain(stream, received, timeout=timeout, most_bytes=most_bytes) if method != "HEAD" else None
    if plain is not None:
        return plain
    return _read_by_h11(stream, received, method=method, headers=headers, timeout=timeout, most_bytes=most_bytes)


def _read_plain(
    stream: httpcore.NetworkStream, received: bytes, *, timeout: float, most_bytes: int
) -> RawResponse | None:
    """Return an answer whose head is here and plain, with its body; None of any other."""
    found = HEAD.match(received)
    if found is None or (headers := _headers(found[2])) is None:
        return None
    length, status = int(headers["content-length"]), int(found[1])
    if status in WITHOUT_BODY:
        return None
    _refuse_longer(length, most_bytes)
    pieces, missing = [received[found.end() :]], length - (len(received) - found.end())
    while missing > 0:
        piece = stream.read(READ_BYTES, timeout=timeout)
        if not piece:
            raise httpcore.RemoteProtocolError("The answer ended before its length.")
        pieces.append(piece)
        missing -= len(piece)
    is_last = missing < 0 or headers.get("connection", "keep-alive").lower() != "keep-alive"
    return RawResponse(status, headers, b"".join(pieces)[:length], is_last)


def _headers(lines: bytes) -> dict[str, str] | None:
    """Return the headers of a plain head; None unless they say how long the body is, once and in digits."""
    headers: dict[str, str] = {}
    for line in lines.decode("ascii").split("\r\n")[1:]:
        name, _, value = line.partition(":")
        name = name.lower()
        if name in headers and name == "content-length":
            return None
        headers[name] = value.strip(" \t")
    length = headers.get("content-length", "")
    has_length = length.isdecimal() and len(length) < len(str(2**63))
    return headers if has_length and "transfer-encoding" not in headers else None


def _read_by_h11(
    stream: httpcore.NetworkStream,
    received: bytes,
    *,
    method: str,
    headers: Mapping[str, str],
    timeout: float,
    most_bytes: int,
) -> RawResponse:
    """Return an answer of which some bytes have come already."""
    if not received:
        raise httpcore.RemoteProtocolError("Server disconnected without sending a response.")
    state = h11.Connection(our_role=h11.CLIENT, max_incomplete_event_size=LONGEST_EVENT)
    state.send(h11.Request(method=method, target="/", headers=[*headers.items()]))
    length = int(headers.get("Content-Length", 0))
    state.send(h11.Data(data=b"\0" * length))  # it was sent; here it is only counted
    state.send(h11.EndOfMessage())
    state.receive_data(received)
    status = 0
    found: dict[str, str] = {}
    pieces: list[bytes] = []
    came = 0
    try:
        while not isinstance(event := state.next_event(), h11.EndOfMessage):
            if event is h11.NEED_DATA:
                state.receive_data(stream.read(READ_BYTES, timeout=timeout))
            elif isinstance(event, h11.Response):
                status = event.status_code
                found = {name.decode(): value.decode("latin-1") for name, value in event.headers}
            elif isinstance(event, h11.Data):
                came += len(event.data)
                _refuse_longer(came, most_bytes)
                pieces.append(bytes(event.data))
            elif not isinstance(event, h11.InformationalResponse):
                raise httpcore.RemoteProtocolError("The connection ended before the answer.")
    except h11.RemoteProtocolError as error:
        raise httpcore.RemoteProtocolError(str(error)) from error
    is_last = state.their_state is not h11.DONE or bool(state.trailing_data[0])
    return RawResponse(status, found, b"".join(pieces), is_last)
