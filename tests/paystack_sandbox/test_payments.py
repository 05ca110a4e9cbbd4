"""Payments through the sandbox: starting, the hosted page, verifying, refunding."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.world.sandbox import Bench, open_bench

CALLBACK = "http://kasuwa.localhost:8000/payments/return/?shop=a"


@pytest.fixture(scope="module")
def module_bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    with open_bench(tmp_path_factory.mktemp("payments")) as bench:
        yield bench


@pytest.fixture
def bench(module_bench: Bench) -> Bench:
    module_bench.reset()
    return module_bench


def start_on_page(bench: Bench, **options: object) -> tuple[str, str]:
    """Return a new payment's reference and the path of its page."""
    asked = {"email": "ada@example.com", "amount": 500_000, "callback_url": CALLBACK, **options}
    data = bench.post("/transaction/initialize", asked).json()["data"]
    return data["reference"], f"/checkout/{data['access_code']}"


def test_the_key_must_match(bench: Bench) -> None:
    for header in ("", "Bearer sk_test_other", "sk_test_of_the_tests"):
        response = bench.api.get("/balance", headers={"Authorization": header})
        assert response.status_code == 401
        assert response.json()["message"] == "Invalid key"


@pytest.mark.parametrize(
    "wrong",
    [
        {"email": "nobody"},
        {"email": None},
        {"amount": 4_999},
        {"amount": 0},
        {"amount": -5_000},
        {"amount": 5_000.5},
        {"amount": "5,000"},
        {"amount": True},
        {"currency": "BTC"},
        {"currency": "KES", "amount": 299},
        {"reference": "under_score"},
        {"reference": "../balance"},
        {"callback_url": "javascript:alert(1)"},
        {"channels": ["carrier pigeon"]},
        {"metadata": 7},
    ],
)
def test_a_payment_that_does_not_hold_is_refused(bench: Bench, wrong: dict[str, Any]) -> None:
    response = bench.post("/transaction/initialize", {"email": "a@example.com", "amount": 5_000, **wrong})

    assert response.status_code == 400
    assert response.json()["status"] is False
    assert bench.data("/transaction") == []


def test_a_reference_is_taken_once(bench: Bench) -> None:
    bench.start_payment("order-1")

    response = bench.post(
        "/transaction/initialize", {"email": "b@example.com", "amount": 9_000, "reference": "order-1"}
    )

    assert response.status_code == 400
    assert response.json()["message"] == "Duplicate Transaction Reference"
    assert [line["amount"] for line in bench.data("/transaction")] == [1_500_000]


def test_amounts_may_be_digits_and_bodies_may_be_forms(bench: Bench) -> None:
    response = bench.api.post("/transaction/initialize", data={"email": "a@example.com", "amount": "5000"})

    assert response.status_code == 200
    assert bench.data("/transaction")[0]["amount"] == 5_000


def test_nobody_has_paid_yet(bench: Bench) -> None:
    bench.start_payment("order-1")

    data = bench.data("/transaction/verify/order-1")

    assert (data["status"], data["paid_at"], data["fees"]) == ("abandoned", None, None)
    assert bench.balance() == 0


def test_paying_on_the_page_returns_to_the_merchant(bench: Bench) -> None:
    reference, page = start_on_page(bench)
    shown = bench.api.get(page)
    assert "NGN 5,000.00" in shown.text
    assert reference in shown.text
    assert "no real money" in shown.text
    assert "<script" not in shown.text
    assert "style=" not in shown.text

    response = bench.api.post(page, data={"action": "pay"})

    assert response.status_code == 303
    assert response.headers["location"] == f"{CALLBACK}&trxref={reference}&reference={reference}"
    assert bench.merchant.next().data["reference"] == reference
    assert bench.data(f"/transaction/verify/{reference}")["status"] == "success"
    assert bench.balance() == 500_000 - 17_500


def test_the_policy_of_a_page_allows_forms_that_lead_back_and_on_and_nothing_else(bench: Bench) -> None:
    _, page = start_on_page(bench)

    policy = bench.api.get(page).headers["content-security-policy"]

    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    # The market may send its buyer on to a front end's origin, to which the policy applies too.
    assert policy.endswith("form-action 'self' http: https:")


@pytest.mark.parametrize(("action", "status"), [("fail", "failed"), ("abandon", "abandoned")])
def test_an_unpaid_end_sends_no_event_and_can_be_tried_again(bench: Bench, action: str, status: str) -> None:
    reference, page = start_on_page(bench)

    assert bench.api.post(page, data={"action": action}).status_code == 303

    assert bench.data(f"/transaction/verify/{reference}")["status"] == status
    assert bench.balance() == 0
    assert bench.data("/sandbox/deliveries") == []
    assert bench.api.post(page, data={"action": "pay"}).status_code == 303
    assert bench.data(f"/transaction/verify/{reference}")["status"] == "success"


def test_a_payment_is_made_once(bench: Bench) -> None:
    reference, page = start_on_page(bench)
    bench.api.post(page, data={"action": "pay"})
    balance = bench.balance()

    for action in ("pay", "fail", "abandon"):
        response = bench.api.post(page, data={"action": action})
        assert response.status_code == 409
        assert "This payment has been made" in response.text
    assert bench.pay(reference).status_code == 409

    assert bench.balance() == balance
    assert len(bench.data("/sandbox/deliveries")) == 1


def test_without_a_callback_the_page_shows_the_result(bench: Bench) -> None:
    _, page = start_on_page(bench, callback_url="")

    response = bench.api.post(page, data={"action": "pay"})

    assert response.status_code == 200
    assert "This payment has been made" in response.text


@pytest.mark.parametrize("form", [{}, {"action": "steal"}, {"action": "pay", "card": "gold"}])
def test_a_form_that_does_not_hold_pays_nothing(bench: Bench, form: dict[str, str]) -> None:
    reference, page = start_on_page(bench)

    assert bench.api.post(page, data=form).status_code == 400

    assert bench.data(f"/transaction/verify/{reference}")["status"] == "abandoned"


def test_an_unknown_page_is_not_found(bench: Bench) -> None:
    response = bench.api.get("/checkout/unknown")

    assert response.status_code == 404
    assert "There is nothing here" in response.text


def test_an_international_card_costs_more(bench: Bench) -> None:
    reference, page = start_on_page(bench)

    bench.api.post(page, data={"action": "pay", "card": "international"})

    assert bench.data(f"/transaction/verify/{reference}")["fees"] == 29_500


def test_many_are_paid_together_or_none(bench: Bench) -> None:
    references = [bench.start_payment(f"order-{n}") for n in range(3)]

    refused = bench.post("/sandbox/transactions/pay", {"references": [*references, "unknown"]})
    assert refused.status_code == 404
    assert bench.balance() == 0

    assert bench.post("/sandbox/transactions/pay", references).json()["data"] == {"count": 3}
    assert {bench.merchant.next().data["reference"] for _ in references} == set(references)


def test_an_unknown_reference_is_not_found(bench: Bench) -> None:
    for path in ("/transaction/verify/nope", "/transaction/1", "/refund/1", "/transfer/verify/nope"):
        assert bench.api.get(path).status_code == 404


def test_lists_come_in_pages(bench: Bench) -> None:
    for n in range(5):
        bench.start_payment(f"order-{n}")

    answer = bench.api.get("/transaction/", params={"perPage": 2, "page": 3}).json()

    assert [line["reference"] for line in answer["data"]] == ["order-0"]
    assert answer["meta"] == {
        "total": 5,
        "total_volume": 0,
        "skipped": 4,
        "perPage": 2,
        "page": 3,
        "pageCount": 3,
    }


def test_metadata_comes_back_as_it_went(bench: Bench) -> None:
    for reference, sent, back in (
        ("m-1", {"order": "K"}, {"order": "K"}),
        ("m-2", '{"a":1}', {"a": 1}),
        ("m-3", "", ""),
    ):
        bench.start_payment(reference, metadata=sent)
        assert bench.data(f"/transaction/verify/{reference}")["metadata"] == back


def test_a_partial_refund_leaves_the_rest(bench: Bench) -> None:
    reference = bench.paid()
    before = bench.balance()

    answer = bench.post("/refund", {"transaction": reference, "amount": 300_000, "merchant_note": "refund 7"}).json()

    assert answer["data"]["amount"] == 300_000
    assert bench.balance() == before - 300_000
    assert bench.merchant.next().event == "refund.pending"
    too_much = bench.post("/refund", {"transaction": reference, "amount": 1_200_001})
    assert too_much.status_code == 400
    assert [line["merchant_note"] for line in bench.data("/refund")] == ["refund 7"]
    assert bench.balance() == before - 300_000


def test_a_full_refund_reverses_the_payment_and_keeps_the_fee(bench: Bench) -> None:
    reference = bench.paid()
    refund = bench.post("/refund", {"transaction": reference}).json()["data"]

    for status in ("processing", "processed"):
        assert bench.post(f"/sandbox/refunds/{refund['id']}/finish", {"status": status}).status_code == 200

    assert [bench.merchant.next().event for _ in range(3)].count("refund.processed") == 1
    assert bench.data(f"/transaction/verify/{reference}")["status"] == "reversed"
    assert bench.balance() == -32_500
    again = bench.post("/refund", {"transaction": reference})
    assert again.status_code == 400


def test_a_failed_refund_returns_to_the_balance(bench: Bench) -> None:
    reference = bench.paid()
    refund = bench.post("/refund", {"transaction": reference, "amount": 300_000}).json()["data"]

    bench.post(f"/sandbox/refunds/{refund['id']}/finish", {"status": "failed"})

    assert bench.balance() == 1_467_500
    assert bench.data(f"/refund/{refund['id']}")["status"] == "failed"
    assert bench.post(f"/sandbox/refunds/{refund['id']}/finish", {"status": "processed"}).status_code == 409
    assert bench.post("/refund", {"transaction": reference, "amount": 1_500_000}).status_code == 200


def test_an_unpaid_payment_cannot_be_refunded(bench: Bench) -> None:
    reference = bench.start_payment()

    assert bench.post("/refund", {"transaction": reference}).status_code == 400

    assert bench.data("/refund") == []
    assert bench.balance() == 0
