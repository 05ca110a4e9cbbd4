"""The port, over Pebble's HTTP interface."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from http import HTTPStatus
from typing import Any
from urllib.parse import quote, urlencode

from gateway.errors import DuplicateReferenceError, ProviderRefusedError, ProviderUnavailableError
from gateway.events import UNREADABLE_EVENT, EventKind, ProviderEvent, read_object
from gateway.facts import Capabilities, ChargeLimits
from gateway.guard import refuse_inside_transaction
from gateway.http import Link
from gateway.port import (
    ChargeRequest,
    ChargeStatus,
    PaymentPage,
    PaymentProvider,
    ProviderBalance,
    RefundReport,
    RefundRequest,
    RefundState,
    Verification,
)
from gateway.references import ReferenceRule
from kit.money import MINOR_PER_MAJOR

SEAL_HEADER = "pebble-seal"
STATES = {"waiting": ChargeStatus.NOT_PAID, "settled": ChargeStatus.SUCCESS, "declined": ChargeStatus.FAILED}
REFUND_STATES = {"moving": RefundState.PENDING, "arrived": RefundState.PROCESSED, "bounced": RefundState.FAILED}
KINDS = {
    "charge.settled": EventKind.CHARGE_SUCCEEDED,
    "charge.declined": EventKind.CHARGE_FAILED,
    "giveback.moved": EventKind.REFUND_MOVED,
}


def seal(*, body: bytes, key: str) -> str:
    """Return what Pebble seals an event with."""
    return hmac.new(key.encode(), b"pebble." + body, hashlib.sha256).hexdigest()


def to_provider(amount_minor: int) -> str:
    """Return an amount as Pebble writes it: whole units with decimals, such as 1250.00."""
    return f"{Decimal(amount_minor) / MINOR_PER_MAJOR:.2f}"


def from_provider(amount: Any) -> int:
    """Return an amount of Pebble's in minor units."""
    return int(Decimal(str(amount)) * MINOR_PER_MAJOR)


class Pebble(PaymentProvider):
    """Pebble, as the platform sees a payment provider."""

    label = "Pebble Pay"
    capabilities = Capabilities(concurrent_refunds=True, finds_refund_by_key=True)
    limits = ChargeLimits(smallest_minor={"NGN": 1_00, "GHS": 50}, largest_minor={"NGN": 900_000_000})
    references = ReferenceRule(prefix="PBL_", alphabet="BCDFGHJKMNPQRSTV", length=30)

    def __init__(self, *, url: str, key: str) -> None:
        self._key = key
        self._link = Link(base_url=url, timeout=60)

    @property
    def is_live(self) -> bool:
        return self._key.startswith("live")

    def is_authentic(self, *, body: bytes, headers: Mapping[str, str]) -> bool:
        given = headers.get(SEAL_HEADER, "")
        return bool(self._key) and hmac.compare_digest(seal(body=body, key=self._key).encode(), given.encode())

    def parse_event(self, *, body: bytes) -> ProviderEvent:
        event = read_object(body)
        if event is None or not isinstance(event.get("what"), str):
            return UNREADABLE_EVENT
        name: str = event["what"]
        kind = KINDS.get(name, EventKind.OTHER)
        is_refund = kind == EventKind.REFUND_MOVED
        ours = str(event.get("ours") or "")
        return ProviderEvent(kind, name, reference="" if is_refund else ours, refund_key=ours if is_refund else "")

    def initialise(self, request: ChargeRequest) -> PaymentPage:
        sent = {
            "ref": request.reference,
            "amount": to_provider(request.amount_minor),
            "currency": request.currency,
            "return_to": request.callback_url,
        }
        return PaymentPage(request.reference, str(self._ask("POST", "/charges", sent)["page"]))

    def verify(self, reference: str) -> Verification:
        try:
            found = self._ask("GET", f"/charges/{quote(reference, safe='')}")
        except ProviderRefusedError as refusal:
            if refusal.status == HTTPStatus.NOT_FOUND:
                return Verification(reference=reference, status=ChargeStatus.NOT_KNOWN)
            raise
        return Verification(
            reference=reference,
            status=STATES[found["state"]],
            amount_minor=from_provider(found["amount"]),
            currency=found["currency"],
            fees_minor=from_provider(found["fee"]),
            is_live=found["mode"] == "live",
            provider_id=found["id"],
        )

    def refund(self, request: RefundRequest) -> RefundReport:
        sent = {
            "charge": request.charge_reference,
            "ours": request.key,
            "amount": to_provider(request.amount_minor),
        }
        return _read_refund(self._ask("POST", "/givebacks", sent))

    def find_refunds(self, *, charge_id: str, since: datetime) -> Sequence[RefundReport]:
        found = self._ask("GET", f"/givebacks?{urlencode({'charge': charge_id, 'since': since.isoformat()})}")
        return [_read_refund(item) for item in found["items"]]

    def find_refund(self, *, key: str) -> RefundReport | None:
        found = self._ask("GET", f"/givebacks?{urlencode({'ours': key})}")
        return _read_refund(found["items"][-1]) if found["items"] else None

    def balance(self) -> Sequence[ProviderBalance]:
        held = self._ask("GET", "/balance")
        return [ProviderBalance(currency, from_provider(amount)) for currency, amount in held.items()]

    def _ask(self, method: str, path: str, body: Any = None) -> dict[str, Any]:
        refuse_inside_transaction()
        answer = self._link.send(method, f"{self._link.base_url}{path}", headers={"pebble-key": self._key}, body=body)
        try:
            read = json.loads(answer.content)
        except ValueError as error:
            raise ProviderUnavailableError(f"Pebble answered {answer.status}.") from error
        if answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR or not isinstance(read, dict):
            raise ProviderUnavailableError(f"Pebble answered {answer.status}.")
        if answer.status == HTTPStatus.CONFLICT:
            raise DuplicateReferenceError("Pebble knows this reference.", status=answer.status)
        if answer.status >= HTTPStatus.BAD_REQUEST:
            raise ProviderRefusedError(str(read.get("problem")), status=answer.status)
        return read


def _read_refund(found: Mapping[str, Any]) -> RefundReport:
    return RefundReport(
        key=found["ours"],
        provider_id=found["id"],
        amount_minor=from_provider(found["amount"]),
        currency=found["currency"],
        state=REFUND_STATES[found["state"]],
    )
