"""Answers of Paystack that a sandbox would never give."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import partial
from typing import Any

import httpx
import pytest

from gateway import get_provider
from gateway.bounds import moment, whole
from gateway.errors import (
    DuplicateReferenceError,
    ProviderError,
    ProviderRefusedError,
    ProviderUnavailableError,
    UnreadableAnswerError,
)
from gateway.http import Answer as Came
from gateway.http import Link
from gateway.paystack.adapter import Paystack
from gateway.paystack.answers import items, read_refund, read_verification
from gateway.port import ChargeRequest, ChargeStatus, RefundRequest, RefundState

REFERENCE = "ks-00000000000000000000"
PAID = {
    "id": 7, "reference": REFERENCE, "status": "success", "amount": 1_500_000, "currency": "NGN", "domain": "test",
}  # fmt: skip

Answer = Callable[[httpx.Request], httpx.Response]


def paystack_that(answer: Answer, monkeypatch: pytest.MonkeyPatch) -> Paystack:
    """An adapter whose network is a function."""

    def send(_link: Link, method: str, url: str, *, headers: Mapping[str, str], body: Any = None) -> Came:
        came = answer(httpx.Request(method, url, headers=headers, json=body))
        return Came(came.status_code, came.content, dict(came.headers))

    monkeypatch.setattr(Link, "send", send)
    return Paystack(secret_key="sk_live_x", base_url="https://api.paystack.co/", timeout=1)


@pytest.mark.parametrize(("value", "amount"), [(300_000, 300_000), ("300000", 300_000), (0, 0), (300_000.0, 300_000)])
def test_amounts_come_as_whole_numbers_or_strings(value: object, amount: int) -> None:
    assert whole(value, "The amount") == amount


@pytest.mark.parametrize(
    "value",
    [None, True, 1.5, "1.5", "-3", "", [], "３", float("inf"), float("nan"), 10**15 + 1, 10**50, "9" * 41, {}],
)
def test_anything_else_is_no_amount(value: object) -> None:
    with pytest.raises(UnreadableAnswerError, match="The amount is"):
        whole(value, "The amount")


@pytest.mark.parametrize("name", ["paid_at", "paidAt"])
def test_times_come_under_two_names(name: str) -> None:
    read = read_verification({**PAID, name: "2026-01-15T10:20:30.000Z"}, reference=REFERENCE)

    assert read.paid_at == datetime(2026, 1, 15, 10, 20, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    "value", [None, "", 17, "yesterday", "2026-13-45T00:00:00Z", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z"]
)
def test_what_is_no_time_is_none(value: object) -> None:
    assert moment(value) is None


@pytest.mark.parametrize(
    ("status", "expected"),
    [("abandoned", ChargeStatus.NOT_PAID), ("ongoing", ChargeStatus.PENDING), ("reversed", ChargeStatus.REVERSED)],
)
def test_statuses_are_told_apart(status: str, expected: ChargeStatus) -> None:
    assert read_verification({**PAID, "status": status}, reference=REFERENCE).status == expected


@pytest.mark.parametrize(
    "answer",
    [{**PAID, "reference": "ks-11111111111111111111"}, {**PAID, "status": "sorted"}, {**PAID, "amount": None}, {}],
)
def test_a_verification_that_makes_no_sense_leaves_the_outcome_unknown(answer: dict[str, Any]) -> None:
    with pytest.raises(ProviderUnavailableError):
        read_verification(answer, reference=REFERENCE)


def test_a_refund_is_read_whoever_asked_for_it() -> None:
    read = read_refund({"id": 7, "status": "needs-attention", "amount": "300000", "merchant_note": None})

    assert (read.key, read.amount_minor, read.state) == ("", 300_000, RefundState.NEEDS_ATTENTION)


@pytest.mark.parametrize(
    "odd",
    [
        {"fees": 1.5}, {"fees": -1}, {"fees": [1]}, {"fees": "1e9"}, {"amount": 10**16}, {"amount": True},
        {"id": "9" * 41}, {"id": "7\x00"}, {"id": ""}, {"id": None}, {"id": {"a": 1}}, {"id": 7.5},
        {"currency": None}, {"currency": "naira"}, {"currency": "N\x00N"}, {"currency": ["NGN"]},
        {"status": {"is": "success"}}, {"status": "suc\x00cess"}, {"fees": float("nan")}, {"amount": float("inf")},
    ],
)  # fmt: skip
def test_what_matters_for_the_money_is_right_or_cannot_be_read(odd: dict[str, Any]) -> None:
    with pytest.raises(UnreadableAnswerError):
        read_verification({**PAID, **odd}, reference=REFERENCE)


def test_what_is_only_shown_is_cleaned_and_cut() -> None:
    read = read_verification(
        {**PAID, "channel": "car\x00d" * 20, "gateway_response": "\ud800 Fine\n\u202e" * 99, "paid_at": "0001-01-01"},
        reference=REFERENCE,
    )

    assert read.channel == ("card" * 20)[:20]
    assert read.message == ("Fine " * 99)[:200].strip()
    assert read.paid_at is None


@pytest.mark.parametrize("raw", [b'{"data": ' + b"[" * 60_000, b'{"data": {"amount": ' + b"9" * 5_000 + b"}}"])
@pytest.mark.parametrize("status", [200, 400])
def test_json_that_cannot_be_parsed_is_unreadable(raw: bytes, status: int, monkeypatch: pytest.MonkeyPatch) -> None:
    provider = paystack_that(lambda _: httpx.Response(status, content=raw), monkeypatch)

    with pytest.raises(UnreadableAnswerError):
        provider.verify(REFERENCE)


@pytest.mark.parametrize("message", ["No\x00 way", "\ud800", "x" * 5_000, "a\nb\u2028c\u202ed"])
def test_the_words_of_a_refusal_can_be_stored(message: str) -> None:
    said = str(ProviderRefusedError(message, code=message))

    assert said.isprintable()
    assert len(said.encode()) <= 200
    assert isinstance(ProviderRefusedError(message), ProviderError)


def test_a_wait_of_many_digits_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    provider = paystack_that(lambda _: httpx.Response(429, headers={"retry-after": "9" * 5_000}), monkeypatch)

    with pytest.raises(ProviderUnavailableError) as caught:
        provider.verify(REFERENCE)
    assert caught.value.retry_after is None


def test_a_bank_that_cannot_be_read_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    good = {"name": "Kasuwa Bank", "code": "057", "currency": "NGN", "type": "nuban", "active": True}
    odd = [good | {"code": None}, good | {"name": ""}, good | {"currency": "?"}, good | {"code": "9" * 21}, {}]
    body = {"status": True, "data": [*odd, good], "meta": [1]}
    provider = paystack_that(lambda _: httpx.Response(200, json=body), monkeypatch)

    assert [bank.name for bank in provider.banks(currency="NGN")] == ["Kasuwa Bank"]


@pytest.mark.parametrize("data", [[{"currency": "NGN", "balance": 1.5}], [{"currency": None, "balance": 1}], [{}]])
def test_a_balance_that_cannot_be_read_is_no_balance(
    data: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    provider = paystack_that(lambda _: httpx.Response(200, json={"status": True, "data": data}), monkeypatch)

    with pytest.raises(UnreadableAnswerError):
        provider.balance()


@pytest.mark.parametrize("body", [{}, {"data": None}, {"data": {}}, {"data": [1]}])
def test_a_list_is_a_list(body: dict[str, Any]) -> None:
    with pytest.raises(ProviderUnavailableError):
        items(body)


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(200, text="<html>Sorry</html>"),
        httpx.Response(200, content=b"\xff\xfe"),
        httpx.Response(200, json=[1, 2]),
        httpx.Response(200, text="null"),
        httpx.Response(200, json={"status": True, "data": None}),
        httpx.Response(302, json={"status": True}, headers={"location": "https://elsewhere.example/"}),
        httpx.Response(400, text="Bad Request"),
        httpx.Response(408),
        httpx.Response(500, json={"status": False, "message": "Oops"}),
        httpx.Response(503),
    ],
)
def test_an_answer_that_says_nothing_leaves_the_outcome_unknown(
    answer: httpx.Response, monkeypatch: pytest.MonkeyPatch
) -> None:
    provider = paystack_that(lambda _: answer, monkeypatch)

    with pytest.raises(ProviderUnavailableError):
        provider.verify(REFERENCE)


def test_a_rate_limit_says_how_long_to_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    provider = paystack_that(lambda _: httpx.Response(429, headers={"retry-after": "17"}), monkeypatch)

    with pytest.raises(ProviderUnavailableError) as caught:
        provider.verify(REFERENCE)
    assert caught.value.retry_after == 17


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(404, json={"status": False, "message": "Transaction reference not found."}),
        httpx.Response(400, json={"status": False, "message": "No such thing", "code": "transaction_not_found"}),
    ],
)
def test_a_reference_that_paystack_never_heard_of_is_an_answer(
    answer: httpx.Response, monkeypatch: pytest.MonkeyPatch
) -> None:
    provider = paystack_that(lambda _: answer, monkeypatch)

    assert provider.verify(REFERENCE).status == ChargeStatus.NOT_KNOWN


def test_a_refusal_is_told_apart_from_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    answer = httpx.Response(401, json={"status": False, "message": "Invalid key", "code": "invalid_Key"})
    provider = paystack_that(lambda _: answer, monkeypatch)

    with pytest.raises(ProviderRefusedError) as caught:
        provider.verify(REFERENCE)
    assert (str(caught.value), caught.value.status, caught.value.code) == ("Invalid key", 401, "invalid_Key")


def test_a_known_reference_is_a_refusal_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    answer = httpx.Response(400, json={"status": False, "message": "Duplicate Transaction Reference"})
    provider = paystack_that(lambda _: answer, monkeypatch)

    with pytest.raises(DuplicateReferenceError):
        provider.initialise(charge())


@pytest.mark.parametrize(
    "data",
    [
        {"reference": REFERENCE, "authorization_url": "javascript:alert(1)"},
        {"reference": REFERENCE, "authorization_url": f"https://checkout.example/{'x' * 500}"},
        {"reference": REFERENCE, "authorization_url": "https://checkout.example/\x00"},
        {"reference": REFERENCE, "authorization_url": "https://[checkout/"},
        {"reference": REFERENCE, "authorization_url": {"href": "https://checkout.example/"}},
        {"reference": REFERENCE},
        {"reference": "another", "authorization_url": "https://checkout.paystack.com/x"},
    ],
)
def test_a_page_must_be_a_page_for_our_reference(data: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    provider = paystack_that(lambda _: httpx.Response(200, json={"status": True, "data": data}), monkeypatch)

    with pytest.raises(ProviderUnavailableError):
        provider.initialise(charge())


@pytest.mark.parametrize(
    "reference", ["../../balance?x=", "", "short", "KS-00000000000000000000", REFERENCE + "/", "a" * 51]
)
def test_what_is_no_reference_of_ours_never_reaches_the_network(
    reference: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    provider = paystack_that(lambda _: pytest.fail("The network was called."), monkeypatch)

    with pytest.raises(ValueError, match="not a payment reference"):
        provider.verify(reference)


def test_refunds_are_read_page_by_page_and_others_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[httpx.URL] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request.url)
        count = 100 if request.url.params["page"] == "1" else 1
        row = {"status": "pending", "amount": 100, "currency": "NGN", "merchant_note": "mine"}
        rows = [{**row, "id": number + 1, "transaction": 5 if number % 2 else 6} for number in range(count)]
        return httpx.Response(200, json={"status": True, "data": rows})

    provider = paystack_that(answer, monkeypatch)
    found = provider.find_refunds(charge_id="5", since=datetime(2026, 1, 1, tzinfo=UTC))

    assert len(found) == 50
    assert [url.params["page"] for url in asked] == ["1", "2"]
    assert asked[0].params["from"] == "2026-01-01T00:00:00+00:00"


def _same(answer: httpx.Response, _: httpx.Request) -> httpx.Response:
    return answer


def test_a_list_with_a_refund_of_no_charge_is_not_read_as_one_without_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    row = {"id": 1, "status": "pending", "amount": 100, "currency": "NGN", "merchant_note": "mine"}
    for transaction, found in (({"id": 5}, 1), (6, 0)):
        rows = [{**row, "transaction": transaction}]
        answer = httpx.Response(200, json={"status": True, "data": rows})
        provider = paystack_that(partial(_same, answer), monkeypatch)
        assert len(provider.find_refunds(charge_id="5", since=datetime(2026, 1, 1, tzinfo=UTC))) == found
    provider = paystack_that(lambda _: httpx.Response(200, json={"status": True, "data": [row]}), monkeypatch)
    with pytest.raises(UnreadableAnswerError):
        provider.find_refunds(charge_id="5", since=datetime(2026, 1, 1, tzinfo=UTC))


def test_the_key_and_our_address_are_used(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return httpx.Response(200, json={"status": True, "data": {"id": 3, "status": "pending", "amount": 5}})

    provider = paystack_that(answer, monkeypatch)
    provider.refund(
        RefundRequest(key="k", charge_reference=REFERENCE, amount_minor=5, currency="NGN", reason="Sold out")
    )

    assert str(asked[0].url) == "https://api.paystack.co/refund"
    assert asked[0].headers["authorization"] == "Bearer sk_live_x"
    assert provider.is_live


def test_an_unknown_provider_is_an_error() -> None:
    with pytest.raises(LookupError):
        get_provider("cowries")


def charge() -> ChargeRequest:
    return ChargeRequest(
        reference=REFERENCE,
        amount_minor=100_000,
        currency="NGN",
        email="a@example.com",
        callback_url="https://x.example/",
    )
