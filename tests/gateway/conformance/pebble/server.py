"""Pebble's own side: charges, refunds, a balance and sealed events, kept in memory and served over HTTP."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

FEE = Decimal("12.50")
LEAST = Decimal(1)
Answer = tuple[int, dict[str, Any]]


@dataclass
class PebbleBank:
    """State of Pebble; a test plays the buyer on it."""

    key: str = "test-pebble-key"
    url: str = ""
    charges: dict[str, dict[str, Any]] = field(default_factory=dict)
    refunds: list[dict[str, Any]] = field(default_factory=list)
    asked_back: list[str] = field(default_factory=list)  # keys of refunds, as often as they were asked for
    events: list[dict[str, Any]] = field(default_factory=list)
    is_silent: bool = False
    lock: threading.Lock = field(default_factory=threading.Lock)

    def settle(self, reference: str, *, extra: str = "0") -> None:
        """Pay a charge, or more than it asks for."""
        charge = self.charges[reference]
        charge["state"], charge["amount"] = "settled", str(Decimal(charge["amount"]) + Decimal(extra))
        self.events.append({"what": "charge.settled", "ours": reference})

    def decline(self, reference: str) -> None:
        """Refuse a buyer's card."""
        self.charges[reference]["state"] = "declined"
        self.events.append({"what": "charge.declined", "ours": reference})

    def deliver(self, refund_id: str) -> None:
        """Let a refund arrive."""
        [refund] = [each for each in self.refunds if each["id"] == refund_id]
        refund["state"] = "arrived"
        self.events.append({"what": "giveback.moved", "ours": refund["ours"]})

    def bounce(self, refund_id: str) -> None:
        """Have a refund sent back by the buyer's bank."""
        [refund] = [each for each in self.refunds if each["id"] == refund_id]
        refund["state"] = "bounced"
        self.events.append({"what": "giveback.moved", "ours": refund["ours"]})

    def answer(self, method: str, path: str, query: dict[str, list[str]], body: dict[str, Any]) -> Answer:
        """Answer a call; what it does is done before it falls silent."""
        match method, path.strip("/").split("/"):
            case "POST", ["charges"]:
                return self._open(body)
            case "GET", ["charges", reference]:
                charge = self.charges.get(reference)
                return (200, charge) if charge else (404, {"problem": "no such charge"})
            case "POST", ["givebacks"]:
                return self._give_back(body)
            case "GET", ["givebacks"]:
                [(name, [value])] = [pair for pair in query.items() if pair[0] != "since"]
                return 200, {"items": [each for each in self.refunds if each[name] == value]}
            case "GET", ["balance"]:
                return 200, self._balance()
        return 404, {"problem": "no such address"}

    def _open(self, body: dict[str, Any]) -> Answer:
        if body["ref"] in self.charges:
            return 409, {"problem": "ref_used"}
        if Decimal(body["amount"]) < LEAST:
            return 422, {"problem": "too little"}
        number = f"ch-{len(self.charges)}"
        self.charges[body["ref"]] = body | {"id": number, "state": "waiting", "fee": str(FEE), "mode": "test"}
        return 201, {"page": f"{self.url}/pay/{body['ref']}"}

    def _give_back(self, body: dict[str, Any]) -> Answer:
        charge = self.charges[body["charge"]]
        self.asked_back.append(body["ours"])
        same = [each for each in self.refunds if each["ours"] == body["ours"]]
        if same:
            return 200, same[0]
        kept = [each for each in self.refunds if each["charge"] == charge["id"] and each["state"] != "bounced"]
        given = sum((Decimal(each["amount"]) for each in kept), Decimal(0))
        if charge["state"] != "settled" or given + Decimal(body["amount"]) > Decimal(charge["amount"]):
            return 422, {"problem": "more than was paid"}
        refund = body | {"id": f"gb-{len(self.refunds)}", "charge": charge["id"], "currency": charge["currency"]}
        self.refunds.append(refund | {"state": "moving"})
        self.events.append({"what": "giveback.moved", "ours": body["ours"]})
        return 201, self.refunds[-1]

    def _balance(self) -> dict[str, str]:
        held: dict[str, Decimal] = {}
        for charge in self.charges.values():
            if charge["state"] == "settled":
                held[charge["currency"]] = held.get(charge["currency"], Decimal(0)) + Decimal(charge["amount"]) - FEE
        for refund in self.refunds:
            if refund["state"] == "arrived":
                held[refund["currency"]] -= Decimal(refund["amount"])
        return {currency: str(amount) for currency, amount in held.items()}


@contextmanager
def serving() -> Iterator[PebbleBank]:
    """Serve a Pebble of one's own."""
    bank = PebbleBank()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            address = urlsplit(self.path)
            body = json.loads(self.rfile.read(int(self.headers.get("content-length", 0))) or b"{}")
            with bank.lock:
                status, answer = bank.answer(self.command, address.path, parse_qs(address.query), body)
                if bank.is_silent:
                    bank.is_silent, status, answer = False, 502, {}
            content = json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("content-length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def do_POST(self) -> None:
            self.do_GET()

        def log_message(self, *args: object) -> None:
            """Stay silent."""

    class Server(ThreadingHTTPServer):
        daemon_threads = True
        block_on_close = False  # kept connections are the adapter's to close

    server = Server(("127.0.0.1", 0), Handler)
    bank.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield bank
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
