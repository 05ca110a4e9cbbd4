"""A pooler in transaction mode, as PgBouncer is: many clients, one connection to the server.

It knows as much of PostgreSQL's protocol as that takes. Between transactions the server connection goes to whoever
comes next, with all that was set on it; told to track, it puts back each client's search path first.
"""

from __future__ import annotations

import socket
import struct
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

NO_CODE = 4  # bytes: a start-up message has a length and no letter
IDLE = b"I"


class Pooler:
    """Accepts clients on a socket of its own."""

    def __init__(self, *, server: Path, start_up: bytes, tracks: bool) -> None:
        self._server = socket.socket(socket.AF_UNIX)
        self._server.connect(str(server))
        self._server.sendall(struct.pack("!I", len(start_up) + 4) + start_up)
        self._greeting = b"".join(whole for _, whole in self._answers())
        self._turn = threading.Lock()
        self._tracks = tracks
        self._last: object = None

    def serve(self, listener: socket.socket) -> None:
        """Take clients until the listener is closed."""
        while True:
            try:
                client, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=self._attend, args=[client], daemon=True).start()

    def close(self) -> None:
        self._server.close()

    def _attend(self, client: socket.socket) -> None:
        with client:
            self._greet(client)
            paths: list[bytes] = []  # the last is what this client set
            has_turn = False
            try:
                while (message := _message(client)) and message[:1] != b"X":
                    if not has_turn:
                        self._turn.acquire()
                        has_turn = True
                        self._hand_over(client, paths)
                    self._server.sendall(message)
                    if message[:1] in {b"Q", b"S"} and self._pass_on(client, paths) == IDLE:
                        self._turn.release()
                        has_turn = False
            finally:
                if has_turn:
                    self._turn.release()

    def _hand_over(self, client: socket.socket, paths: list[bytes]) -> None:
        if self._tracks and paths and self._last is not client:
            query = b"SET search_path = " + paths[-1] + b"\0"
            self._server.sendall(b"Q" + struct.pack("!I", len(query) + 4) + query)
            list(self._answers())
        self._last = client

    def _pass_on(self, client: socket.socket, paths: list[bytes]) -> bytes:
        """Hand a client what the server says; return the state of the transaction after it."""
        whole = b""
        for letter, whole in self._answers():
            client.sendall(whole)
            if letter == b"S" and whole[5:].startswith(b"search_path\0"):
                paths.append(whole[5:].split(b"\0")[1])
        return whole[-1:]

    def _greet(self, client: socket.socket) -> None:
        size = struct.unpack("!I", _exactly(client, NO_CODE))[0]
        _exactly(client, size - NO_CODE)
        client.sendall(self._greeting)

    def _answers(self) -> Iterator[tuple[bytes, bytes]]:
        """Yield the server's messages until it is ready again."""
        while True:
            whole = _message(self._server)
            if not whole:
                raise ConnectionError
            yield whole[:1], whole
            if whole[:1] == b"Z":
                return


def _exactly(source: socket.socket, size: int) -> bytes:
    parts = b""
    while len(parts) < size:
        part = source.recv(size - len(parts))
        if not part:
            return b""
        parts += part
    return parts


def _message(source: socket.socket) -> bytes:
    head = _exactly(source, 5)
    if not head:
        return b""
    size = struct.unpack("!I", head[1:])[0]
    return head + _exactly(source, size - 4)


@contextmanager
def pooler(*, host: str, port: int | str, user: str, dbname: str, tracks: bool) -> Iterator[dict[str, str]]:
    """Run a pooler before a server that listens on a socket; gives what to connect with."""
    start_up = struct.pack("!I", 196608) + b"\0".join(
        [b"user", user.encode(), b"database", dbname.encode(), b"client_encoding", b"UTF8", b"", b""]
    )
    folder = Path(tempfile.mkdtemp(prefix="pooler-"))
    between = Pooler(server=Path(host) / f".s.PGSQL.{port}", start_up=start_up, tracks=tracks)
    address = folder / ".s.PGSQL.6432"
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(str(address))
    listener.listen()
    threading.Thread(target=between.serve, args=[listener], daemon=True).start()
    try:
        yield {"host": str(folder), "port": "6432", "user": user, "dbname": dbname}
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        between.close()
        address.unlink()
        folder.rmdir()
