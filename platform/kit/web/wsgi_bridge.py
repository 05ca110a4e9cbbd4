"""Calling a WSGI application for a request whose body has been read, in a thread, and giving its answer."""

import io
import logging
import os
import sys
from collections.abc import Callable, Iterable
from functools import lru_cache
from http import HTTPStatus
from typing import IO, Any

from kit.web.rsgi import Exchange, HeaderList, Scope

logger = logging.getLogger(__name__)

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]

VERSIONS = {"1": "HTTP/1.0", "1.1": "HTTP/1.1", "2": "HTTP/2"}
ALIKE: dict[str, Any] = {
    "SCRIPT_NAME": "",
    "wsgi.version": (1, 0),
    "wsgi.multithread": True,
    "wsgi.multiprocess": True,
    "wsgi.run_once": False,
    "wsgi.input_terminated": True,
}
SMALL_FILE_BYTES = 256 * 1024


def environ_of(scope: Scope, *, body: IO[bytes] | None, size: int) -> dict[str, Any]:
    """Return a request's head as WSGI has it (PEP 3333).

    Headers whose names hold an underscore are left out: they could pass for others.
    """
    host, _, port = scope.server.rpartition(":")
    environ: dict[str, Any] = {
        **ALIKE,
        "REQUEST_METHOD": scope.method,
        "PATH_INFO": scope.path.encode().decode("latin-1"),
        "QUERY_STRING": scope.query_string,
        "SERVER_NAME": host,
        "SERVER_PORT": port,
        "SERVER_PROTOCOL": VERSIONS.get(scope.http_version, "HTTP/1.1"),
        "REMOTE_ADDR": scope.client.rpartition(":")[0].strip("[]"),
        "CONTENT_LENGTH": str(size),
        "wsgi.url_scheme": scope.scheme,
        "wsgi.input": io.BytesIO() if body is None else body,
        "wsgi.errors": sys.stderr,
        "wsgi.file_wrapper": SentFile,
    }
    for name, value in scope.headers.items():
        key = _key_of(name)
        if not key:
            continue
        between = "; " if name == "cookie" else ","
        environ[key] = f"{environ[key]}{between}{value}" if key in environ else value
    return environ


@lru_cache(maxsize=1024)
def _key_of(name: str) -> str:
    """Return a header's key in WSGI; nothing for one that is left out."""
    if "_" in name or name in {"content-length", "transfer-encoding"}:
        return ""
    return "CONTENT_TYPE" if name == "content-type" else f"HTTP_{name.upper().replace('-', '_')}"


class SentFile:
    """A file that is the answer (PEP 3333, wsgi.file_wrapper)."""

    def __init__(self, file: Any, block_size: int = 65536) -> None:
        self.file = file
        self._block_size = block_size

    def __iter__(self) -> "SentFile":
        return self

    def __next__(self) -> bytes:
        piece: bytes = self.file.read(self._block_size)
        if not piece:
            raise StopIteration
        return piece

    def close(self) -> None:
        """Close the file, and with it the response."""
        self.file.close()

    def path(self) -> str | None:
        """Return the path where it is a whole file on the disk that is worth sending by itself."""
        name = getattr(self.file, "name", None)
        if not isinstance(name, str) or not os.path.isabs(name) or not hasattr(self.file, "fileno"):  # noqa: PTH117
            return None
        try:
            is_whole = self.file.tell() == 0
            size = os.fstat(self.file.fileno()).st_size
        except (OSError, ValueError):
            return None
        return name if is_whole and size > SMALL_FILE_BYTES else None


class Call:
    """One call of the application; `run` is for a thread."""

    def __init__(self, application: Application, environ: dict[str, Any], exchange: Exchange) -> None:
        self._application = application
        self._environ = environ
        self._exchange = exchange
        self._status = int(HTTPStatus.INTERNAL_SERVER_ERROR)
        self._headers: HeaderList = []

    def run(self) -> None:
        """Call the application and give its answer, 500 where it has none."""
        try:
            answer = self._application(self._environ, self._start)
            try:
                self._send(answer)
            finally:
                if close := getattr(answer, "close", None):
                    close()
        except Exception:
            logger.exception("%s %s was not answered", self._environ["REQUEST_METHOD"], self._environ["PATH_INFO"])
            self._exchange.response_empty(int(HTTPStatus.INTERNAL_SERVER_ERROR), [])

    def _start(self, status: str, headers: HeaderList, exc_info: object = None) -> Callable[[bytes], object]:
        self._status = int(status.partition(" ")[0])
        self._headers = headers
        return _refuse_write

    def _send(self, answer: Iterable[bytes]) -> None:
        is_file = isinstance(answer, SentFile)
        if self._environ["REQUEST_METHOD"] == "HEAD" and (is_file or getattr(answer, "streaming", False)):
            self._exchange.response_empty(self._status, self._headers)
        elif isinstance(answer, SentFile) and (path := answer.path()) is not None:
            self._exchange.response_file(self._status, self._headers, path)
        elif getattr(answer, "streaming", False) or (is_file and self._announced_size() > SMALL_FILE_BYTES):
            self._send_stream(answer)
        else:
            self._exchange.response_bytes(self._status, self._headers, b"".join(answer))

    def _announced_size(self) -> int:
        sizes = (value for name, value in self._headers if name.lower() == "content-length")
        return int(next(sizes, SMALL_FILE_BYTES + 1))

    def _send_stream(self, answer: Iterable[bytes]) -> None:
        transport = self._exchange.response_stream(self._status, self._headers)
        for piece in answer:
            try:
                transport.send_bytes(piece)
            except RuntimeError:  # the client is gone
                return


def _refuse_write(_data: bytes) -> None:
    raise NotImplementedError("Return the body; write() is not supported.")
