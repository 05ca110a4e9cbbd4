"""A look-alike of the service that tells carriers' rates, over real HTTP, which can be made to hang and to fail."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any

from django.conf import LazySettings

KEY = "sk_test_rates"
PATH = "/v1/rates/shipment/quotes"
FACTORY = "carriers.terminal_africa.from_settings"


def rate(amount: float | str, *, carrier: str = "Gokada", currency: str = "NGN", time: str = "Within 2 days.") -> Any:
    """Return a rate as the service answers it."""
    return {
        "amount": amount,
        "carrier_name": carrier,
        "carrier_rate_description": "Standard",
        "currency": currency,
        "delivery_time": time,
        "rate_id": "RT-30798955894",
        "pickup_time": "Tue Jul 13 2021 before 17:00 GMT",
    }


class CarrierDesk:
    """The service: its next answers, and the bodies that it was asked with."""

    def __init__(self) -> None:
        self.asked: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.may_answer = Event()
        self.url = ""
        self.answer(rate(2_500), rate(1_900.5, carrier="Kwik"))

    def answer(self, *rates: Any) -> None:
        """Answer with rates from now on."""
        body = {"status": True, "message": "Rates retrieved successfully", "data": list(rates)}
        self.answer_raw(200, json.dumps(body).encode())

    def answer_raw(self, status: int, content: bytes) -> None:
        """Answer with bytes from now on."""
        self.status, self.content = status, content
        self.may_answer.set()

    def hang(self) -> None:
        """Take questions and say nothing from now on."""
        self.may_answer.clear()


@contextmanager
def carrier_desk() -> Iterator[CarrierDesk]:
    """Serve the look-alike for a block."""
    desk = CarrierDesk()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            desk.asked.append({"path": self.path, **json.loads(body)})
            desk.headers.append(dict(self.headers))
            desk.may_answer.wait()
            self.send_response(desk.status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(desk.content)))
            self.end_headers()
            with suppress(OSError):  # who has asked may have given up
                self.wfile.write(desk.content)

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        desk.url = f"http://127.0.0.1:{server.server_address[1]}/v1"
        try:
            yield desk
        finally:
            desk.may_answer.set()
            server.shutdown()
            thread.join()


def use_desk(settings: LazySettings, desk: CarrierDesk, *, seconds: float = 5.0) -> None:
    """Have the market ask the look-alike."""
    settings.TERMINAL_AFRICA_SECRET_KEY = KEY
    settings.TERMINAL_AFRICA_BASE_URL = desk.url
    settings.TERMINAL_AFRICA_TIMEOUT_SECONDS = seconds
    settings.SHIPPING_RATES = FACTORY
