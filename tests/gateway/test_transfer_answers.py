"""Answers about transfers that a sandbox would never give."""

from typing import Any

import httpx
import pytest

from gateway.errors import ProviderUnavailableError, UnreadableAnswerError
from gateway.paystack.transfers import read_recipient, read_transfer
from gateway.transfers import RecipientRequest, TransferRequest, TransferState
from tests.gateway.test_answers import paystack_that

REFERENCE = "po-00000000000000000001"
SENT: dict[str, Any] = {
    "reference": REFERENCE, "status": "success", "amount": 810_000, "currency": "NGN", "transfer_code": "TRF_1",
    "fee_charged": 2_500, "recipient": {"recipient_code": "RCP_1"}, "domain": "test",
}  # fmt: skip
REQUEST = TransferRequest(REFERENCE, "RCP_1", 810_000, "NGN", "Payout")
BELL = RecipientRequest("indigo-1", "Indigo", "0123456789", "057", "nuban", "NGN")


def answering(data: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    return paystack_that(lambda _: httpx.Response(200, json={"status": True, "data": data}), monkeypatch)


@pytest.mark.parametrize(
    "odd",
    [
        {"amount": 1.5}, {"amount": -1}, {"amount": None}, {"amount": 10**16}, {"currency": "naira"},
        {"currency": None},
        {"fee_charged": "1e9"}, {"fee_charged": -1}, {"transfer_code": None}, {"transfer_code": "a b"},
        {"status": "sorted"}, {"status": None}, {"recipient": {"recipient_code": "R" * 41}},
        {"reference": "po-another"},
    ],
)  # fmt: skip
def test_a_transfer_that_makes_no_sense_leaves_the_outcome_unknown(odd: dict[str, Any]) -> None:
    with pytest.raises(ProviderUnavailableError):
        read_transfer(SENT | odd, reference=REFERENCE)


def test_texts_that_are_only_shown_are_cleaned() -> None:
    read = read_transfer(SENT | {"gateway_response": "Could\x00 not\nbe " + "x" * 900}, reference=REFERENCE)

    assert read.message.startswith("Could not be x")
    assert len(read.message) == 200
    assert read_transfer(SENT | {"failures": {"a": 1}}, reference=REFERENCE).message == "{'a': 1}"


def test_a_success_without_its_fee_is_unreadable(monkeypatch: pytest.MonkeyPatch) -> None:
    without = {name: value for name, value in SENT.items() if name != "fee_charged"}

    with pytest.raises(UnreadableAnswerError, match="fee"):
        answering(without, monkeypatch).find_transfer(REFERENCE)


@pytest.mark.parametrize("odd", [{"amount": 1}, {"currency": "GHS"}, {"recipient": {"recipient_code": "RCP_2"}}])
def test_an_answer_about_other_money_is_none(odd: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(UnreadableAnswerError, match="other money"):
        answering(SENT | odd, monkeypatch).transfer(REQUEST)
    assert answering([SENT | odd], monkeypatch).transfer_many([REQUEST]) == []


def test_lines_that_the_answer_leaves_out_have_no_report(monkeypatch: pytest.MonkeyPatch) -> None:
    other = TransferRequest("po-00000000000000000002", "RCP_1", 810_000, "NGN", "Payout")

    reports = answering([SENT, {"reference": "po-nobody-asked-for", "status": 7}], monkeypatch).transfer_many(
        [other, REQUEST]
    )

    assert [(each.reference, each.state) for each in reports] == [(REFERENCE, TransferState.SUCCESS)]


@pytest.mark.parametrize("odd", [{"account_number": "9876543210"}, {"bank_code": "058"}, {"account_number": None}])
def test_the_recipient_of_another_account_is_none(odd: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    details = {"account_number": "0123456789", "bank_code": "057"} | odd
    answer = {"recipient_code": "RCP_1", "currency": "NGN", "details": details}

    with pytest.raises(UnreadableAnswerError, match="another account"):
        answering(answer, monkeypatch).create_recipient(BELL)


@pytest.mark.parametrize("answer", [{}, {"recipient_code": "RCP 1"}, {"recipient_code": "RCP_1", "currency": "x"}])
def test_a_recipient_that_makes_no_sense_is_none(answer: dict[str, Any]) -> None:
    with pytest.raises(UnreadableAnswerError):
        read_recipient(answer)


@pytest.mark.parametrize("reference", ["../../balance", "po-1", "PO-00000000000000000001", "po-0000000000000000000\n"])
def test_a_reference_that_is_none_of_ours_is_never_asked_about(reference: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ValueError, match="reference"):
        answering(SENT, monkeypatch).find_transfer(reference)
