"""The interface between granian and an application, as far as it is used here.

Source: https://github.com/emmett-framework/granian/blob/master/docs/spec/RSGI.md
"""

from collections.abc import AsyncIterator, Sequence
from typing import Protocol

HeaderList = Sequence[tuple[str, str]]


class Headers(Protocol):
    """A request's headers, by names in small letters."""

    def items(self) -> list[tuple[str, str]]:
        """Return all, with those that occur twice."""

    def get(self, key: str) -> str | None:
        """Return the first of a name."""


class Scope(Protocol):
    """A request's head."""

    proto: str
    http_version: str
    server: str
    client: str
    scheme: str
    method: str
    path: str
    query_string: str
    headers: Headers


class Transport(Protocol):
    """An answer that is sent piece by piece."""

    def send_bytes(self, data: bytes) -> object:
        """Queue a piece; raises RuntimeError when the client is gone."""


class Exchange(Protocol):
    """A request's body and its answer; the answer may be given from any thread, once."""

    def __aiter__(self) -> AsyncIterator[bytes]:
        """Read the body piece by piece; an error ends it as its end does, after an empty piece."""

    def response_empty(self, status: int, headers: HeaderList) -> None:
        """Answer without a body."""

    def response_bytes(self, status: int, headers: HeaderList, body: bytes) -> None:
        """Answer with a body."""

    def response_file(self, status: int, headers: HeaderList, file: str) -> None:
        """Answer with a file, which the server sends by itself."""

    def response_stream(self, status: int, headers: HeaderList) -> Transport:
        """Begin an answer."""
