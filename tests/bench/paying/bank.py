"""A payment provider that registers accounts and sends transfers at once, and remembers each.

`python -m tests.bench.paying.bank PORT`: recipients, single and bulk transfers, verification, with the answers that
Paystack documents; the same reference again moves nothing. `GET /paid` tells what was sent, and to whom twice.
No Django here, so that its own work hides nothing of ours.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

FEE = 2_500
Answered = tuple[int, Any]


@dataclass(slots=True)
class Bank:
    """Recipients and transfers."""

    recipients: dict[str, dict[str, Any]] = field(default_factory=dict)
    transfers: dict[str, dict[str, Any]] = field(default_factory=dict)
    calls: Counter[str] = field(default_factory=Counter)

    def answer(self, method: str, path: str, body: Any) -> Answered:
        """Return the status and the data of an answer."""
        self.calls[path.split("/")[1]] += 1
        match method, path:
            case "POST", "/transferrecipient":
                return 201, self._register(body)
            case "POST", "/transfer/bulk":
                return 200, [self._send(line, body["currency"]) for line in body["transfers"]]
            case "POST", "/transfer":
                return 200, self._send(body, body["currency"])
            case "GET", "/paid":
                return 200, self.paid()
        transfer = self.transfers.get(path.removeprefix("/transfer/verify/"))
        if transfer is None:
            return 404, None
        return 200, transfer | {"status": "success", "fee_charged": FEE}

    def paid(self) -> dict[str, int]:
        """Return the sums of what was sent, and the number of recipients who were sent something."""
        to = Counter(each["recipient"]["recipient_code"] for each in self.transfers.values())
        sent = sum(each["amount"] for each in self.transfers.values())
        return {"transfers": len(self.transfers), "recipients": len(to), "sent_minor": sent}

    def _register(self, asked: dict[str, Any]) -> dict[str, Any]:
        code = f"RCP_{asked['bank_code']}{asked['account_number']}"
        details = {"account_number": asked["account_number"], "bank_code": asked["bank_code"]}
        self.recipients[code] = {"recipient_code": code, "currency": asked["currency"], "details": details}
        return self.recipients[code]

    def _send(self, line: dict[str, Any], currency: str) -> dict[str, Any]:
        reference = line["reference"]
        if reference not in self.transfers:
            self.transfers[reference] = {
                "reference": reference,
                "amount": line["amount"],
                "currency": currency,
                "recipient": self.recipients[line["recipient"]],
                "status": "pending",
                "transfer_code": f"TRF_{len(self.transfers)}",
                "domain": "test",
            }
        return self.transfers[reference]


class Door(asyncio.Protocol):
    """One connection, kept open."""

    def __init__(self, bank: Bank) -> None:
        self._bank, self._received = bank, b""
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the way back."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Answer each whole request."""
        self._received += data
        head, found, body = self._received.partition(b"\r\n\r\n")
        if not found or len(body) < (length := _length(head)) or self._transport is None:
            return
        self._received = body[length:]
        method, path, _ = head.split(b"\r\n", 1)[0].decode().split(" ")
        status, answered = self._bank.answer(method, path, json.loads(body[:length] or b"null"))
        content = json.dumps({"status": status < 400, "message": "Transfer not found", "data": answered}).encode()
        self._transport.write(
            f"HTTP/1.1 {status} X\r\nContent-Type: application/json\r\nContent-Length: {len(content)}\r\n\r\n".encode()
            + content
        )


def _length(head: bytes) -> int:
    lower = head.lower()
    at = lower.find(b"content-length:")
    return int(lower[at + 15 :].split(b"\r\n", 1)[0]) if at >= 0 else 0


async def serve(port: int) -> None:
    """Answer until the process is ended."""
    bank = Bank()
    server = await asyncio.get_running_loop().create_server(lambda: Door(bank), "127.0.0.1", port)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1])))
