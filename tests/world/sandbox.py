"""Shared code of the sandbox's tests: a merchant that receives webhooks, and a sandbox that sends them to it."""

from __future__ import annotations

import json
import queue
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx

from paystack_sandbox.testing import SandboxProcess

KEY = "sk_test_of_the_tests"
WAIT = 60.0


@dataclass(frozen=True)
class Hook:
    """One webhook as it arrived."""

    host: str
    signature: str
    body: bytes

    @property
    def event(self) -> str:
        return str(json.loads(self.body)["event"])

    @property
    def data(self) -> dict[str, Any]:
        data: dict[str, Any] = json.loads(self.body)["data"]
        return data


@dataclass
class Merchant:
    """A web server that keeps what it is sent and answers what it is told."""

    hooks: queue.Queue[Hook] = field(default_factory=queue.Queue)
    answers: list[int] = field(default_factory=list)
    port: int = 0

    def next(self) -> Hook:
        """Return the next webhook as soon as it arrives."""
        return self.hooks.get(timeout=WAIT)

    def forget(self) -> None:
        """Drop what came and what was planned."""
        self.answers.clear()
        while not self.hooks.empty():
            self.hooks.get_nowait()


@contextmanager
def listening_merchant() -> Iterator[Merchant]:
    merchant = Merchant()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            status = merchant.answers.pop(0) if merchant.answers else 200
            self.send_response(status)
            self.send_header("content-length", "0")
            self.end_headers()
            merchant.hooks.put(Hook(self.headers["host"], self.headers["x-paystack-signature"], body))

        def log_message(self, *args: object) -> None:
            """Stay silent."""

    class Server(ThreadingHTTPServer):
        request_queue_size = 128

    server = Server(("127.0.0.1", 0), Handler)
    merchant.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield merchant
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@dataclass
class Bench:
    """A sandbox, the merchant it serves and a client with the merchant's key."""

    sandbox: SandboxProcess
    merchant: Merchant
    api: httpx.Client

    def reset(self) -> None:
        self.sandbox.reset()
        self.merchant.forget()

    def post(self, path: str, body: object = None) -> httpx.Response:
        return self.api.post(path, json={} if body is None else body)

    def data(self, path: str) -> Any:
        response = self.api.get(path)
        assert response.status_code == 200, response.text
        return response.json()["data"]

    def start_payment(self, reference: str = "", **options: object) -> str:
        """Initialise a payment of NGN 15,000 and return its reference."""
        asked = {"email": "ada@example.com", "amount": 1_500_000, **options}
        if reference:
            asked["reference"] = reference
        response = self.post("/transaction/initialize", asked)
        assert response.status_code == 200, response.text
        return str(response.json()["data"]["reference"])

    def pay(self, reference: str, **options: object) -> httpx.Response:
        return self.post(f"/sandbox/transactions/{reference}/pay", options)

    def paid(self, reference: str = "", **options: object) -> str:
        """Make a payment and return its reference once the merchant knows."""
        reference = self.start_payment(reference, **options)
        assert self.pay(reference).status_code == 200
        hook = self.merchant.next()
        while hook.data.get("reference") != reference:  # the last of an earlier test's, that was still under way
            hook = self.merchant.next()
        assert hook.event == "charge.success"
        return reference

    def fault(self, kind: str, **options: object) -> Any:
        return self.sandbox.add_fault(kind, **options)

    def balance(self, currency: str = "NGN") -> int:
        return next((line["balance"] for line in self.data("/balance") if line["currency"] == currency), 0)

    def create_recipient(self, number: str = "0123456789") -> str:
        asked = {"type": "nuban", "name": "Indigo Fabrics", "account_number": number, "bank_code": "057"}
        response = self.post("/transferrecipient", asked)
        assert response.status_code == 201, response.text
        return str(response.json()["data"]["recipient_code"])

    def transfer(self, reference: str, recipient: str, amount: int = 810_000, **more: object) -> httpx.Response:
        line = {"reference": reference, "recipient": recipient, "amount": amount, **more}
        return self.post("/transfer", {"source": "balance", "reason": "Payout", **line})


@contextmanager
def open_bench(folder: Path, *options: str) -> Iterator[Bench]:
    """Start a merchant and a sandbox whose transfers and refunds wait to be finished by hand."""
    with listening_merchant() as merchant:
        sandbox = SandboxProcess(
            *("--finish-after", "never", *options),
            store=folder / "sandbox.sqlite3",
            webhook_url=f"http://kasuwa.localhost:{merchant.port}/webhooks/paystack/",
            secret_key=KEY,
        )
        with sandbox, httpx.Client(base_url=sandbox.url, timeout=WAIT) as api:
            api.headers["Authorization"] = f"Bearer {KEY}"
            yield Bench(sandbox, merchant, api)
