"""An HTTP gateway of messages to phones, as `notifications.channels.gateway` calls it, over real HTTP."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any


@dataclass
class TextGateway:
    """The gateway's memory: each call, and each message that it has sent, by its reference.

    Args:
        statuses: answers of the next calls; 200 after them. A call that is answered 5xx has sent its message already.
    """

    url: str = ""
    statuses: list[int] = field(default_factory=list)
    calls: list[dict[str, Any]] = field(default_factory=list)
    sent: dict[str, str] = field(default_factory=dict)


@contextmanager
def running_gateway() -> Iterator[TextGateway]:
    """Serve a gateway at a port of its own."""
    gateway = TextGateway()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            key = self.headers["Idempotency-Key"]
            gateway.calls.append({**body, "key": key, "auth": self.headers["Authorization"]})
            status = gateway.statuses.pop(0) if gateway.statuses else 200
            if status not in range(400, 500):
                gateway.sent.setdefault(key, body["text"])
            self.send_response(status)
            self.send_header("Retry-After", "600")
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"{}")

        def log_message(self, *_: Any) -> None:
            """Say nothing of calls."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    gateway.url = f"http://127.0.0.1:{server.server_port}/messages"
    try:
        yield gateway
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
