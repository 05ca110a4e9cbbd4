"""Answers and events of the sandbox have the shapes that Paystack publishes.

The description and the sample events are no part of this repository; `KASUWA_SHARED` names the
folder that holds `paystack/`, by default the `shared` folder beside the clone.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from paystack_sandbox.webhooks import sign
from tests.world.sandbox import Bench, Hook, open_bench

ROOT = Path(__file__).resolve().parents[2]
PAYSTACK = Path(os.environ.get("KASUWA_SHARED", ROOT.parent / "shared")) / "paystack"
DESCRIPTION = PAYSTACK / "openapi.yaml"
PAYOUT = "payout-0000000001-a1"
LINES = {"source": "balance", "currency": "NGN"}

pytestmark = pytest.mark.skipif(not DESCRIPTION.is_file(), reason="Paystack's description is not beside the clone")


@pytest.fixture(scope="module")
def module_bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    with open_bench(tmp_path_factory.mktemp("contract")) as bench:
        yield bench


@pytest.fixture(scope="module")
def facts(module_bench: Bench) -> dict[str, Any]:
    """A sandbox with one of everything, and the names by which each is found."""
    bench = module_bench
    unpaid = bench.start_payment()
    reference = bench.paid(metadata={"checkout_id": "1"})
    recipient = bench.create_recipient()
    transfer = bench.transfer(PAYOUT, recipient, 100_000).json()["data"]
    refund = bench.post("/refund", {"transaction": reference, "amount": 1_000, "merchant_note": "r"}).json()["data"]
    bench.post("/sandbox/settlements", {"currency": "NGN", "amount": 1_000})
    dispute = bench.post("/sandbox/disputes", {"reference": bench.paid()}).json()["data"]
    return {
        "dispute": dispute["id"],
        "reference": reference,
        "unpaid": unpaid,
        "recipient": recipient,
        "refund": refund["id"],
        "transaction": refund["transaction"]["id"],
        "transfer": transfer["transfer_code"],
    }


@cache
def description() -> dict[str, Any]:
    """The published description as one JSON Schema document."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    with DESCRIPTION.open() as file:
        found: dict[str, Any] = _with_nulls(yaml.load(file, loader))
    return found


def _with_nulls(node: Any) -> Any:
    """Turn OpenAPI 3.0's `nullable` into what JSON Schema understands."""
    if isinstance(node, list):
        return [_with_nulls(item) for item in node]
    if not isinstance(node, dict):
        return node
    node = {key: _with_nulls(value) for key, value in node.items()}
    if node.get("nullable") is True and isinstance(node.get("type"), str):
        node["type"] = [node["type"], "null"]
    return node


def problems(schema: dict[str, Any], answer: object) -> list[str]:
    """Return what in an answer does not hold against a schema of the description."""
    validator = Draft202012Validator({**schema, "components": description()["components"]})
    return [f"{error.json_path}: {error.message}" for error in validator.iter_errors(answer)]


def declared_response(method: str, path: str, status: int) -> dict[str, Any]:
    response = description()["paths"][path][method.lower()]["responses"].get(str(status), {})
    while "$ref" in response:
        response = description()["components"]["responses"][response["$ref"].rsplit("/", 1)[1]]
    content: dict[str, Any] = response.get("content", {}).get("application/json", {})
    return content


def missing(example: Any, actual: Any, where: str = "$") -> list[str]:
    """Return the keys of an example that an answer lacks, and the kinds of value that differ."""
    if isinstance(example, dict) and isinstance(actual, dict):
        absent = [f"{where}.{key} is absent" for key in example if key not in actual]
        deeper = [missing(value, actual[key], f"{where}.{key}") for key, value in example.items() if key in actual]
        return absent + [line for lines in deeper for line in lines]
    if isinstance(example, list) and isinstance(actual, list):
        return missing(example[0], actual[0], f"{where}[0]") if example and actual else []
    if None in (example, actual) or type(example) is type(actual):
        return []
    return [f"{where} is {actual!r}, not like {example!r}"]


GETS = [
    ("/transaction/verify/{reference}", "VerifyResponse", "/transaction/verify/{reference}"),
    ("/transaction/verify/{reference}", "VerifyResponse", "/transaction/verify/{unpaid}"),
    ("/transaction", "TransactionListResponse", "/transaction?perPage=10"),
    ("/transaction/{id}", "TransactionFetchResponse", "/transaction/{transaction}"),
    ("/transferrecipient", "TransferRecipientListResponse", "/transferrecipient"),
    ("/transferrecipient/{code}", "TransferRecipientFetchResponse", "/transferrecipient/{recipient}"),
    ("/transfer", "TransferListResponse", "/transfer"),
    ("/transfer/{code}", "TransferFetchResponse", "/transfer/{transfer}"),
    ("/transfer/verify/{reference}", "TransferVerifyResponse", "/transfer/verify/" + PAYOUT),
    ("/refund", "RefundListResponse", "/refund"),
    ("/refund/{id}", "RefundFetchResponse", "/refund/{refund}"),
    ("/settlement", "", "/settlement?perPage=10"),
    ("/balance", "BalanceCheckResponse", "/balance"),
    ("/dispute", "DisputeListResponse", "/dispute?status=awaiting-merchant-feedback&perPage=10"),
    ("/dispute/{id}", "DisputeFetchResponse", "/dispute/{dispute}"),
    ("/dispute/{id}/upload_url", "DisputeUploadURLResponse", "/dispute/{dispute}/upload_url"),
    ("/balance/ledger", "BalanceFetchLedgerResponse", "/balance/ledger"),
    ("/bank", "MiscellaneousListBanksResponse", "/bank?country=nigeria"),
    (
        "/bank/resolve",
        "VerificationResolveAccountNumberResponse",
        "/bank/resolve?account_number=0123456789&bank_code=057",
    ),
]


@pytest.mark.parametrize(("path", "name", "address"), GETS)
def test_reads(module_bench: Bench, facts: dict[str, Any], path: str, name: str, address: str) -> None:
    answer = module_bench.api.get(address.format(**facts))

    assert answer.status_code == 200
    has_example = "{unpaid}" not in address
    check(answer.json(), declared_response("get", path, 200), name, has_example=has_example)


POSTS = [
    ("/transaction/initialize", "TransactionInitializeResponse", {"email": "a@example.com", "amount": 5_000}),
    (
        "/transferrecipient",
        "TransferRecipientCreateResponse",
        {"type": "nuban", "name": "B", "account_number": "9876543210", "bank_code": "058"},
    ),
    (
        "/transfer",
        "TransferCreateResponse",
        {**LINES, "amount": 1_000, "recipient": "{recipient}", "reference": "payout-0000000002-a1"},
    ),
    (
        "/transfer/bulk",
        "TransferBulkResponse",
        {**LINES, "transfers": [{"amount": 1_000, "recipient": "{recipient}", "reference": "payout-0000000003-a1"}]},
    ),
    ("/refund", "RefundCreateResponse", {"transaction": "{reference}", "amount": 1_000}),
]


@pytest.mark.parametrize(("path", "name", "body"), POSTS)
def test_writes(module_bench: Bench, facts: dict[str, Any], path: str, name: str, body: dict[str, Any]) -> None:
    text = json.dumps(body).replace("{recipient}", facts["recipient"]).replace("{reference}", facts["reference"])

    answer = module_bench.post(path, json.loads(text))

    assert answer.status_code in {200, 201}, answer.text
    check(answer.json(), declared_response("post", path, answer.status_code), name)


def test_answers_of_a_dispute(module_bench: Bench) -> None:
    bench = module_bench
    dispute = bench.post("/sandbox/disputes", {"reference": bench.paid(), "category": "fraud"}).json()["data"]
    texts = {"customer_email": "a@example.com", "customer_name": "Ada", "customer_phone": "0", "service_details": "Tea"}

    added = bench.post(f"/dispute/{dispute['id']}/evidence", texts)
    declared = declared_response("post", "/dispute/{id}/evidence", 200)
    check(added.json(), declared, "DisputeAddEvidenceResponse")

    answer = {"resolution": "declined", "message": "It arrived", "refund_amount": 0, "uploaded_filename": ""}
    resolved = bench.api.put(
        f"/dispute/{dispute['id']}/resolve", json={**answer, "evidence": added.json()["data"]["id"]}
    )
    check(resolved.json(), declared_response("put", "/dispute/{id}/resolve", 200), "DisputeResolveResponse")
    fetched = bench.api.get(f"/dispute/{dispute['id']}").json()
    check(fetched, declared_response("get", "/dispute/{id}", 200), "DisputeFetchResponse")


def check(answer: dict[str, Any], declared: dict[str, Any], name: str, *, has_example: bool = True) -> None:
    assert declared, "the description has no such answer"
    assert problems(declared["schema"], answer) == []
    assert not name or problems({"$ref": f"#/components/schemas/{name}"}, answer) == []
    assert missing(declared.get("example", {}) if has_example else {}, answer) == []


@pytest.mark.parametrize(
    ("method", "path", "address", "status"),
    [
        ("POST", "/transaction/initialize", "/transaction/initialize", 400),
        ("GET", "/transaction/verify/{reference}", "/transaction/verify/nope", 404),
        ("GET", "/transaction/{id}", "/transaction/1", 404),
        ("GET", "/transfer/verify/{reference}", "/transfer/verify/nope", 404),
        ("GET", "/transferrecipient/{code}", "/transferrecipient/RCP_nope", 404),
        ("GET", "/refund/{id}", "/refund/1", 404),
        ("GET", "/dispute/{id}", "/dispute/1", 404),
        ("PUT", "/dispute/{id}/resolve", "/dispute/1/resolve", 404),
    ],
)
def test_refusals(module_bench: Bench, method: str, path: str, address: str, status: int) -> None:
    answer = module_bench.api.request(method, address, json={"email": "nobody"} if method == "POST" else None)

    assert answer.status_code == status
    assert problems(declared_response(method, path, status)["schema"], answer.json()) == []


def test_the_wrong_key(module_bench: Bench) -> None:
    answer = module_bench.api.get("/balance", headers={"Authorization": "Bearer sk_test_wrong"})

    assert problems(declared_response("get", "/balance", 401)["schema"], answer.json()) == []


@pytest.fixture(scope="module")
def event_bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    with open_bench(tmp_path_factory.mktemp("events")) as bench:
        yield bench


def event_sample(name: str) -> dict[str, Any]:
    sample: dict[str, Any] = json.loads(next((PAYSTACK / "webhooks").glob(f"*_{name}*.json")).read_bytes())
    return sample


def assert_like_sample(hook: Hook, name: str) -> None:
    """An event has the sample's keys, no more and no fewer, with the same kinds of value."""
    sample, actual = event_sample(name), json.loads(hook.body)
    assert missing(sample, actual) == []
    assert missing(actual, sample) == []


def test_charge_success_is_like_its_sample(event_bench: Bench) -> None:
    event_bench.reset()
    event_bench.pay(event_bench.start_payment(metadata={"checkout_id": "1", "attempt": "1"}))

    assert_like_sample(event_bench.merchant.next(), "charge.success.card")


@pytest.mark.parametrize("status", ["success", "failed", "reversed"])
def test_transfer_events_are_like_their_samples(event_bench: Bench, status: str) -> None:
    event_bench.reset()
    event_bench.post("/sandbox/balance", {"amount": 1_000_000})
    event_bench.transfer(PAYOUT, event_bench.create_recipient())

    event_bench.post(f"/sandbox/transfers/{PAYOUT}/finish", {"status": status})

    assert_like_sample(event_bench.merchant.next(), f"transfer.{status}")


@pytest.mark.parametrize("move", ["create", "remind"])
def test_dispute_events_are_like_their_samples(event_bench: Bench, move: str) -> None:
    event_bench.reset()
    dispute = event_bench.post("/sandbox/disputes", {"reference": event_bench.paid()}).json()["data"]
    hook = event_bench.merchant.next()
    if move == "remind":
        event_bench.post(f"/sandbox/disputes/{dispute['id']}/remind")
        hook = event_bench.merchant.next()

    assert_like_sample(hook, f"charge.dispute.{move}")


@pytest.mark.parametrize("end", ["processed", "failed"])
def test_refund_events_are_like_their_samples(event_bench: Bench, end: str) -> None:
    event_bench.reset()
    refund = event_bench.post("/refund", {"transaction": event_bench.paid(), "amount": 300_000}).json()["data"]
    hooks = [event_bench.merchant.next()]
    for status in ("processing", end):
        event_bench.post(f"/sandbox/refunds/{refund['id']}/finish", {"status": status})
        hooks.append(event_bench.merchant.next())

    for hook, name in zip(hooks, ("pending", "processing", end), strict=True):
        assert_like_sample(hook, f"refund.{name}")


def test_signing_agrees_with_the_signed_samples() -> None:
    known = json.loads((PAYSTACK / "webhooks" / "signatures.json").read_bytes())
    present = [name for name in known["signatures"] if (PAYSTACK / "webhooks" / name).is_file()]
    assert present
    for name in present:
        body = (PAYSTACK / "webhooks" / name).read_bytes()
        assert sign(body, known["secret_key"]) == known["signatures"][name]
