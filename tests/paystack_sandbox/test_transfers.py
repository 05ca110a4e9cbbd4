"""Transfers through the sandbox: recipients, the balance, single and bulk, every way they can end."""

from collections.abc import Iterator

import pytest

from tests.world.sandbox import Bench, open_bench

FIRST, SECOND = "payout-0000000001-a1", "payout-0000000002-a1"
FEE = 2_500


@pytest.fixture(scope="module")
def module_bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    with open_bench(tmp_path_factory.mktemp("transfers")) as bench:
        yield bench


@pytest.fixture
def bench(module_bench: Bench) -> Bench:
    """A sandbox with NGN 20,000 in its balance."""
    module_bench.reset()
    module_bench.post("/sandbox/balance", {"amount": 2_000_000})
    return module_bench


def finish(bench: Bench, reference: str, status: str) -> int:
    return bench.post(f"/sandbox/transfers/{reference}/finish", {"status": status}).status_code


def test_the_same_account_is_the_same_recipient(bench: Bench) -> None:
    assert bench.create_recipient() == bench.create_recipient()
    assert bench.create_recipient() != bench.create_recipient("9876543210")
    assert len(bench.data("/transferrecipient")) == 2


@pytest.mark.parametrize(
    "wrong",
    [
        {"type": "shell"},
        {"name": " "},
        {"bank_code": "999"},
        {"account_number": "123"},
        {"account_number": "0123456404"},
        {"currency": "KES"},
    ],
)
def test_a_recipient_that_does_not_hold_is_refused(bench: Bench, wrong: dict[str, str]) -> None:
    right = {"type": "nuban", "name": "A", "account_number": "0123456789", "bank_code": "057"}

    assert bench.post("/transferrecipient", {**right, **wrong}).status_code == 400

    assert bench.data("/transferrecipient") == []


def test_resolving_is_stable_and_can_fail(bench: Bench) -> None:
    asked = {"account_number": "0123456789", "bank_code": "057"}
    first = bench.api.get("/bank/resolve", params=asked).json()["data"]

    assert first == bench.api.get("/bank/resolve", params=asked).json()["data"]
    assert first["account_name"].isupper()
    assert bench.api.get("/bank/resolve", params={**asked, "account_number": "0123456404"}).status_code == 422


@pytest.mark.parametrize(
    ("query", "currency"),
    [
        ({}, "NGN"),
        ({"currency": "GHS"}, "GHS"),
        ({"country": "south africa"}, "ZAR"),
        ({"country": "kenya"}, "KES"),
    ],
)
def test_banks_of_a_country(bench: Bench, query: dict[str, str], currency: str) -> None:
    found = bench.api.get("/bank", params=query).json()["data"]

    assert found
    assert {bank["currency"] for bank in found} == {currency}


def test_amount_and_fee_leave_at_creation(bench: Bench) -> None:
    response = bench.transfer(FIRST, bench.create_recipient())

    assert response.json()["data"]["status"] == "pending"
    assert bench.balance() == 2_000_000 - 810_000 - FEE
    assert finish(bench, FIRST, "success") == 200
    assert bench.merchant.next().event == "transfer.success"
    assert bench.data(f"/transfer/verify/{FIRST}")["status"] == "success"
    assert bench.balance() == 2_000_000 - 810_000 - FEE


@pytest.mark.parametrize("status", ["failed", "reversed", "abandoned", "blocked", "rejected"])
def test_what_comes_to_nothing_returns_whole(bench: Bench, status: str) -> None:
    bench.transfer(FIRST, bench.create_recipient())

    assert finish(bench, FIRST, status) == 200

    assert bench.balance() == 2_000_000


def test_a_success_can_still_be_reversed_and_nothing_else(bench: Bench) -> None:
    bench.transfer(FIRST, bench.create_recipient())
    finish(bench, FIRST, "success")

    assert finish(bench, FIRST, "failed") == 409
    assert finish(bench, FIRST, "reversed") == 200
    assert finish(bench, FIRST, "success") == 409

    assert bench.balance() == 2_000_000
    assert sorted(bench.merchant.next().event for _ in range(2)) == ["transfer.reversed", "transfer.success"]


def test_a_reference_pays_once(bench: Bench) -> None:
    recipient = bench.create_recipient()
    bench.transfer(FIRST, recipient)
    balance = bench.balance()

    response = bench.transfer(FIRST, recipient)

    assert response.status_code == 400
    assert response.json()["code"] == "duplicate_transfer_reference"
    assert bench.balance() == balance


@pytest.mark.parametrize(
    ("reference", "amount"),
    [("short", 1_000), ("UPPERCASE-0000000001", 1_000), (FIRST, 0), (FIRST, 1_998_000)],
)
def test_a_transfer_that_does_not_hold_moves_nothing(bench: Bench, reference: str, amount: int) -> None:
    response = bench.transfer(reference, bench.create_recipient(), amount)

    assert response.status_code == 400
    assert bench.balance() == 2_000_000
    assert bench.data("/transfer") == []


def test_bulk_pays_every_line_once(bench: Bench) -> None:
    recipient = bench.create_recipient()
    lines = [{"reference": name, "recipient": recipient, "amount": 100_000} for name in (FIRST, SECOND)]
    batch = {"source": "balance", "currency": "NGN", "transfers": lines}

    answers = [bench.post("/transfer/bulk", batch).json() for _ in range(2)]

    assert [line["reference"] for line in answers[0]["data"]] == [FIRST, SECOND]
    assert answers[0]["message"] == "2 transfers queued."
    assert bench.balance() == 2_000_000 - 2 * (100_000 + 1_000)
    assert answers[1]["data"] == answers[0]["data"]


def test_a_batch_is_refused_as_a_whole(bench: Bench) -> None:
    recipient = bench.create_recipient()

    def send(*lines: dict[str, object]) -> int:
        return bench.post("/transfer/bulk", {"source": "balance", "transfers": list(lines)}).status_code

    line = {"reference": FIRST, "recipient": recipient, "amount": 100_000}
    assert send(*({**line, "reference": f"payout-{n:010d}"} for n in range(101))) == 400
    assert send() == 400
    assert send(line, line) == 400
    assert send(line, {**line, "reference": SECOND, "recipient": "RCP_unknown"}) == 404
    assert send(line, {**line, "reference": SECOND, "amount": 1_900_000}) == 400

    assert bench.balance() == 2_000_000
    assert bench.data("/transfer") == []


@pytest.mark.parametrize("outcome", ["otp", "received"])
def test_a_transfer_may_wait_for_somebody(bench: Bench, outcome: str) -> None:
    bench.fault("transfer_outcome", outcome=outcome)

    assert bench.transfer(FIRST, bench.create_recipient()).json()["data"]["status"] == outcome
    assert finish(bench, FIRST, "success") == 200


def test_the_ledger_explains_the_balance(bench: Bench) -> None:
    bench.paid()
    bench.transfer(FIRST, bench.create_recipient())
    finish(bench, FIRST, "failed")

    entries = bench.data("/balance/ledger")

    assert sum(entry["difference"] for entry in entries) == bench.balance()
    assert entries[0]["balance"] == bench.balance()
