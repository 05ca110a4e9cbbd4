"""Disputes in the sandbox: their clock, evidence and files, every end, and what they cost."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.world.sandbox import Bench, open_bench

TEXTS = {"customer_email": "a@example.com", "customer_name": "Ada", "customer_phone": "0", "service_details": "Tea"}
ACCEPT = {"resolution": "merchant-accepted", "message": "Ours", "refund_amount": 400_000, "uploaded_filename": ""}
DECLINE = {"resolution": "declined", "message": "It arrived", "refund_amount": 0, "uploaded_filename": ""}
HOUR = 3600


@pytest.fixture(scope="module")
def module_bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    with open_bench(tmp_path_factory.mktemp("disputes")) as bench:
        yield bench


@pytest.fixture
def bench(module_bench: Bench) -> Bench:
    module_bench.reset()
    return module_bench


def disputed(bench: Bench, **asked: Any) -> dict[str, Any]:
    currency = {"currency": asked.pop("currency")} if "currency" in asked else {}
    dispute = bench.post("/sandbox/disputes", {"reference": bench.paid(**currency), **asked}).json()["data"]
    hook = bench.merchant.next()
    assert (hook.event, hook.data["id"]) == ("charge.dispute.create", dispute["id"])
    shape: dict[str, Any] = dispute
    return shape


def events_until(bench: Bench, event: str) -> list[str]:
    found = []
    while event not in found:
        found.append(bench.merchant.next().event)
    return found


@pytest.mark.parametrize(("currency", "hours"), [("NGN", 16), ("GHS", 48)])
def test_an_unanswered_dispute_is_reminded_of_and_lost(bench: Bench, currency: str, hours: int) -> None:
    dispute = disputed(bench, currency=currency)
    before = bench.balance(currency)

    bench.post("/sandbox/time", {"advance": hours * HOUR / 2})
    assert bench.merchant.next().event == "charge.dispute.remind"
    assert bench.data(f"/dispute/{dispute['id']}")["status"] == "awaiting-merchant-feedback"
    bench.post("/sandbox/time", {"advance": hours * HOUR / 2})
    events_until(bench, "charge.dispute.resolve")

    lost = bench.data(f"/dispute/{dispute['id']}")
    assert (lost["status"], lost["resolution"]) == ("resolved", "auto-accepted")
    assert before - bench.balance(currency) == lost["refund_amount"]
    [refund] = bench.data("/refund")
    assert (refund["dispute"], refund["status"], refund["amount"]) == (dispute["id"], "processed", 1_500_000)


def test_an_accepted_dispute_costs_what_was_accepted(bench: Bench) -> None:
    dispute = disputed(bench)
    before = bench.balance()

    assert bench.api.put(f"/dispute/{dispute['id']}/resolve", json=ACCEPT).status_code == 200

    assert before - bench.balance() == 400_000
    again = bench.api.put(f"/dispute/{dispute['id']}/resolve", json=ACCEPT)
    assert (again.status_code, again.json()["code"]) == (400, "dispute_not_awaiting_feedback")


@pytest.mark.parametrize(("end", "cost"), [("declined", 0), ("auto-accepted", 1_500_000)])
def test_a_declined_dispute_is_the_banks_to_decide(bench: Bench, end: str, cost: int) -> None:
    dispute = disputed(bench, category="fraud")
    before = bench.balance()
    where = f"/dispute/{dispute['id']}"
    refused = bench.api.put(f"{where}/resolve", json=DECLINE)
    evidence = bench.post(f"{where}/evidence", TEXTS).json()["data"]["id"]
    upload = bench.data(f"{where}/upload_url")
    early = bench.api.put(f"{where}/resolve", json={**DECLINE, "uploaded_filename": upload["fileName"]})
    sent = httpx.put(upload["signedUrl"], content=b"%PDF-1.7", headers={"content-type": "application/pdf"})
    answered = {**DECLINE, "evidence": evidence, "uploaded_filename": upload["fileName"]}
    assert bench.api.put(f"{where}/resolve", json=answered).status_code == 200

    assert (refused.status_code, early.status_code, sent.status_code) == (400, 400, 200)
    assert bench.data(where)["status"] == "awaiting-bank-feedback"
    assert bench.data(f"/sandbox/dispute-files/{upload['fileName']}")["size"] == 8
    bench.post(f"/sandbox/disputes/{dispute['id']}/finish", {"resolution": end})
    assert before - bench.balance() == cost
    assert bench.data(where)["resolution"] == end


@pytest.mark.parametrize(
    ("change", "status"),
    [({"signature": "x"}, 403), ({"key": "Bearer sk_test"}, 400), ({"content": b""}, 400)],
)
def test_a_file_needs_its_signed_address_and_no_key(bench: Bench, change: dict[str, Any], status: int) -> None:
    where = disputed(bench)["id"]
    url = httpx.URL(bench.data(f"/dispute/{where}/upload_url")["signedUrl"])
    if "signature" in change:
        url = url.copy_set_param("signature", change["signature"])
    headers = {"authorization": change["key"]} if "key" in change else {}

    assert httpx.put(url, content=change.get("content", b"x"), headers=headers).status_code == status


def test_only_what_is_left_of_a_paid_transaction_is_disputed(bench: Bench) -> None:
    reference = bench.paid()
    bench.post("/refund", {"transaction": reference, "amount": 500_000})

    for wrong in (
        {"reference": bench.start_payment()},
        {"reference": reference, "amount": 1_000_001},
        {"reference": reference, "category": "mood"},
    ):
        assert bench.post("/sandbox/disputes", wrong).status_code == 400
    found = bench.post("/sandbox/disputes", {"reference": reference})
    assert found.json()["data"]["refund_amount"] == 1_000_000
