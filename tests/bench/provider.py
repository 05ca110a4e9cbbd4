"""A payment provider that opens a page at once, and does nothing else.

`python -m tests.bench.provider PORT [MILLISECONDS]`: answers `POST /transaction/initialize` after so many
milliseconds. It takes the provider's own work out of the measurement, not ours: the call is made, and its
answer read and stored.
"""

from __future__ import annotations

import heapq
import json
import selectors
import socket
import sys
import time
from dataclasses import dataclass, field


@dataclass(slots=True)
class Provider:
    """One selector over all connections."""

    port: int
    delay: float
    selector: selectors.BaseSelector = field(default_factory=selectors.DefaultSelector)
    waiting: list[tuple[float, int, bytes]] = field(default_factory=list)
    connections: dict[int, socket.socket] = field(default_factory=dict)
    received: dict[int, bytes] = field(default_factory=dict)

    def serve(self) -> None:
        """Answer until the process is ended."""
        listener = socket.create_server(("127.0.0.1", self.port), backlog=128)
        self.selector.register(listener, selectors.EVENT_READ)
        while True:
            pause = max(self.waiting[0][0] - time.monotonic(), 0) if self.waiting else None
            for key, _ in self.selector.select(pause):
                if key.fileobj is listener:
                    self._welcome(listener)
                else:
                    self._listen(key.fd)
            while self.waiting and self.waiting[0][0] <= time.monotonic():
                _, number, answer = heapq.heappop(self.waiting)
                if number in self.connections:
                    self.connections[number].sendall(answer)

    def _welcome(self, listener: socket.socket) -> None:
        connection, _ = listener.accept()
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        number = connection.fileno()
        self.connections[number], self.received[number] = connection, b""
        self.selector.register(connection, selectors.EVENT_READ)

    def _listen(self, number: int) -> None:
        connection = self.connections[number]
        try:
            part = connection.recv(65536)
        except ConnectionError:
            part = b""
        if not part:
            self.selector.unregister(connection)
            connection.close()
            del self.connections[number], self.received[number]
            return
        self.received[number] += part
        head, found, body = self.received[number].partition(b"\r\n\r\n")
        if found and len(body) >= _length(head):
            self.received[number] = b""
            heapq.heappush(self.waiting, (time.monotonic() + self.delay, number, _answer(body)))


def _length(head: bytes) -> int:
    lower = head.lower()
    at = lower.find(b"content-length:")
    return int(lower[at + 15 :].split(b"\r\n", 1)[0]) if at >= 0 else 0


def _answer(body: bytes) -> bytes:
    reference = json.loads(body or b"{}").get("reference", "")
    data = {
        "authorization_url": f"https://checkout.paystack.com/{reference}",
        "access_code": reference,
        "reference": reference,
    }
    content = json.dumps({"status": True, "message": "Authorization URL created", "data": data}).encode()
    head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(content)}\r\n\r\n"
    return head.encode() + content


if __name__ == "__main__":
    Provider(int(sys.argv[1]), float(sys.argv[2]) / 1000 if len(sys.argv) > 2 else 0.0).serve()
