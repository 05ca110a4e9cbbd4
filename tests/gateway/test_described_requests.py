"""Every request that the adapter makes is one that Paystack describes: its address, its parameters, its body."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
import yaml
from django.utils import timezone
from jsonschema import Draft202012Validator

from gateway.disputes import DisputeAnswer, DisputeEvidence, DisputeFile
from gateway.http import Link
from gateway.paystack.adapter import Paystack
from gateway.port import ChargeRequest, PaymentProvider, RefundRequest
from gateway.records import RecordKind
from gateway.transfers import RecipientRequest, TransferRequest
from paystack_sandbox.testing import SandboxProcess
from tests.world.factories.payments import new_reference
from tests.world.payments import SAMPLES, needs_samples

# Documented on Paystack's site, and missing from its description; the answers are filtered by us as well.
UNDESCRIBED = {("GET", "/refund", "transaction")}
ASK_NOBODY = {"is_authentic", "parse_event", "parse_approval", "find_refund"}  # Paystack has no such look-up
Sent = tuple[str, str, Any]


class Described:
    """The description, read once."""

    def __init__(self) -> None:
        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        self._all = yaml.load((SAMPLES / "openapi.yaml").read_text(), loader)

    def faults(self, method: str, address: str, body: Any) -> Iterator[str]:
        """Yield what of a request is not described."""
        path, query = urlsplit(address).path, parse_qsl(urlsplit(address).query, keep_blank_values=True)
        operation = next(iter(self._operations(method, path)), None)
        if operation is None:
            yield f"{method} {path} is not described"
            return
        known = {each["name"]: each.get("schema", {}) for each in operation.get("parameters", [])}
        for name, value in query:
            if name not in known and (method, path, name) not in UNDESCRIBED:
                yield f"{method} {path} knows no {name}"
            if name in known and known[name].get("type") == "integer" and not value.isdecimal():
                yield f"{name}={value} is no number"
        content = operation.get("requestBody", {}).get("content", {}).get("application/json")
        if (body is None) != (content is None):
            yield f"{method} {path} has {'no' if body is None else 'a'} body"
        if body is not None and content is not None:
            yield from self._faults_of_body(content["schema"], body)

    def _operations(self, method: str, path: str) -> Iterator[dict[str, Any]]:
        for template, operations in sorted(self._all["paths"].items(), key=lambda each: "{" in each[0]):
            if (
                re.fullmatch(re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(template)), path)
                and method.lower() in operations
            ):
                yield operations[method.lower()]

    def _faults_of_body(self, schema: dict[str, Any], body: dict[str, Any]) -> Iterator[str]:
        validator = Draft202012Validator(schema | {"components": self._all["components"]})
        yield from (f"{error.json_path}: {error.message}" for error in validator.iter_errors(body))
        yield from (f"{name} is not described" for name in set(body) - self._names(schema))

    def _names(self, schema: dict[str, Any]) -> set[str]:
        """Return the names that a schema describes, those of its parts among them."""
        if "$ref" in schema:
            return self._names(self._all["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]])
        names = set(schema.get("properties", {}))
        return names.union(*(self._names(part) for part in schema.get("allOf", [])))


@pytest.fixture
def sent(paystack: SandboxProcess, monkeypatch: pytest.MonkeyPatch) -> list[Sent]:
    """The requests that go to the provider from now on."""
    requests: list[Sent] = []
    send = Link.send

    def recorded(link: Link, method: str, url: str, *, body: Any = None, **more: Any) -> Any:
        requests.append((method, url.removeprefix(paystack.url), body))
        return send(link, method, url, body=body, **more)

    monkeypatch.setattr(Link, "send", recorded)
    return requests


def all_calls(provider: Paystack, paystack: SandboxProcess) -> dict[str, Callable[[], Any]]:
    """Return a call of everything that the port asks a provider, in an order in which each has an effect."""
    reference, day = new_reference(), timedelta(days=1)
    charge = ChargeRequest(
        reference=reference,
        amount_minor=2_340_000,
        currency="NGN",
        email="ada@example.com",
        callback_url="http://kasuwa.localhost:8000/payments/return/",
        metadata={"order": "KS-7F3K9QXD2M"},
    )
    refund = RefundRequest(key="our-key", charge_reference=reference, amount_minor=100, currency="NGN", reason="Why")
    account = RecipientRequest("indigo-1", "Indigo Fabrics", "0123456789", "057", "nuban", "NGN")
    line = TransferRequest("po-00000000000000000001", "", 100_000, "NGN", "Payout of Indigo Fabrics")
    known: dict[str, Any] = {}

    def recipient() -> str:
        return str(known.setdefault("recipient", provider.create_recipient(account)).code)

    def dispute() -> str:
        if "dispute" not in known:
            known["dispute"] = paystack.call("POST", "/sandbox/disputes", {"reference": reference})["data"]["id"]
        return str(known["dispute"])

    def verify() -> None:
        paystack.call("POST", f"/sandbox/transactions/{reference}/pay", {})
        paystack.call("POST", "/sandbox/balance", {"amount": 5_000_000})
        known["charge"] = provider.verify(reference).provider_id

    now = timezone.now()
    statement = ("ada@example.com", "Ada", "+2348012345678", "A tote", "12 Bode Thomas St", date(2026, 1, 2))
    return {
        "initialise": lambda: provider.initialise(charge),
        "verify": verify,
        "refund": lambda: provider.refund(refund),
        "find_refunds": lambda: provider.find_refunds(charge_id=known["charge"], since=now - day),
        "balance": provider.balance,
        "records": lambda: [list(provider.records(kind=kind, since=now - day, until=now)) for kind in RecordKind],
        "banks": lambda: provider.banks(currency="NGN"),
        "resolve_account": lambda: provider.resolve_account(number="0123456789", bank_code="057"),
        "create_recipient": recipient,
        "transfer": lambda: provider.transfer(replace(line, recipient=recipient())),
        "transfer_many": lambda: provider.transfer_many(
            [replace(line, recipient=recipient(), reference=f"po-0000000000000000001{end}") for end in range(2)]
        ),
        "find_transfer": lambda: provider.find_transfer(line.reference),
        "find_dispute": lambda: provider.find_dispute(dispute()),
        "disputes": lambda: list(provider.disputes(since=now - day, until=now)),
        "add_dispute_evidence": lambda: provider.add_dispute_evidence(DisputeEvidence(dispute(), *statement)),
        "upload_dispute_file": lambda: known.update(
            file=provider.upload_dispute_file(DisputeFile(dispute(), b"%PDF-1.7", "application/pdf"))
        ),
        "answer_dispute": lambda: provider.answer_dispute(DisputeAnswer(dispute(), False, "Sent", 0, known["file"])),
    }


@needs_samples
def test_every_request_is_described(db: None, paystack: SandboxProcess, sent: list[Sent]) -> None:
    provider, described = Paystack(secret_key=paystack.secret_key, base_url=paystack.url, timeout=60), Described()
    calls = all_calls(provider, paystack)
    port = {name for name, value in vars(PaymentProvider).items() if callable(value) and not name.startswith("_")}
    faults: dict[str, list[str]] = {}
    for name, call in calls.items():
        sent.clear()
        call()
        assert sent, f"{name} asks nobody"
        if found := [fault for request in sent for fault in described.faults(*request)]:
            faults[name] = found
    assert faults == {}
    assert calls.keys() == (port & set(dir(Paystack))) - ASK_NOBODY


@needs_samples
@pytest.mark.parametrize(
    ("request_", "fault"),
    [
        (("POST", "/transfers", {}), "is not described"),
        (("GET", "/transfer?since=1", None), "knows no since"),
        (("GET", "/transfer?page=one", None), "is no number"),
        (("GET", "/balance", {"amount": 1}), "has a body"),
        (("POST", "/refund", {"transaction": "x", "reason": "y"}), "reason is not described"),
        (("POST", "/refund", {"amount": 1}), "'transaction' is a required property"),
    ],
)
def test_what_is_not_described_is_found(request_: Sent, fault: str) -> None:
    assert any(fault in found for found in Described().faults(*request_))
