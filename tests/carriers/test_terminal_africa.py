"""The adapter asks for quotes as the service documents them, and an answer that can't be charged is none."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction

from carriers.checks import check_shipping_rates
from carriers.errors import RatesRefusedError, RatesUnavailableError
from carriers.port import OfferedService, Parcel, Place, RatesRequest
from carriers.terminal_africa.adapter import TerminalAfrica
from carriers.terminal_africa.answers import read_days
from gateway.guard import NetworkInTransactionError
from tests.world.carriers import FACTORY, KEY, PATH, CarrierDesk, carrier_desk, rate

QUESTION = RatesRequest(
    Place("NG", "Lagos", "Ikeja"), Place("NG", "Kano", "Kano"), (Parcel(1_250, 1_850_050),), currency="NGN"
)


@pytest.fixture
def desk() -> Iterator[CarrierDesk]:
    with carrier_desk() as served:
        yield served


def ask(desk: CarrierDesk, question: RatesRequest = QUESTION, *, seconds: float = 5.0) -> tuple[OfferedService, ...]:
    return TerminalAfrica(secret_key=KEY, base_url=desk.url, timeout=seconds).find_services(question)


def test_the_question_and_the_answer_are_as_documented(desk: CarrierDesk) -> None:
    assert ask(desk) == (
        OfferedService("Gokada Standard", 250_000, "NGN", (0, 2)),
        OfferedService("Kwik Standard", 190_050, "NGN", (0, 2)),
    )
    goods = {"name": "Goods", "description": "Goods", "currency": "NGN", "value": 18_501, "weight": 1.25, "quantity": 1}
    assert desk.asked == [
        {
            "path": PATH,
            "pickup_address": {"country": "NG", "state": "Lagos", "city": "Ikeja"},
            "delivery_address": {"country": "NG", "state": "Kano", "city": "Kano"},
            "parcel": {"description": "Goods", "weight_unit": "kg", "items": [goods]},
            "currency": "NGN",
        }
    ]
    assert desk.headers[0]["Authorization"] == f"Bearer {KEY}"


def answered(*rates: Any) -> bytes:
    return json.dumps({"status": True, "data": list(rates)}).encode()


@pytest.mark.parametrize(
    ("status", "content"),
    [
        (500, b"{}"),
        (503, b"<html>"),
        (429, b"{}"),
        (302, b""),
        (200, b""),
        (200, b"<html>"),
        (200, b"[]"),
        (200, b'{"status": true}'),
        (200, b'{"status": false, "data": []}'),
        (200, b'{"status": true, "data": {}}'),
        (200, b'{"status": true, "data": [' + b"9" * 5_000 + b"]}"),
        (200, b"[" * 100_000),
        (200, answered(rate(1_000, currency="USD"))),
        (200, answered(rate("1000"))),
        (200, answered(rate(-1))),
        (200, answered(rate(True))),
        (200, b'{"status": true, "data": [{"amount": NaN, "currency": "NGN", "carrier_name": "A"}]}'),
        (200, answered(rate(10**13))),
        (200, answered({**rate(1_000), "carrier_name": "", "carrier_rate_description": "\u200b"})),
        (200, answered(None, "rate", 7)),
        (200, answered(*[rate(1_000)] * 101)),
        (200, answered(rate(1_000, carrier="x" * 600_000))),
    ],
    ids=range(22),
)
def test_what_is_no_price_in_the_currency_is_no_answer(desk: CarrierDesk, status: int, content: bytes) -> None:
    desk.answer_raw(status, content)
    with pytest.raises(RatesUnavailableError):
        ask(desk)


def test_rates_that_cannot_be_charged_are_left_out_of_an_answer(desk: CarrierDesk) -> None:
    desk.answer(rate(1_000, currency="USD"), rate(-5), rate(2_508.751))
    assert [service.price_minor for service in ask(desk)] == [250_876]  # never less than what the carrier asks


def test_no_carrier_is_an_answer(desk: CarrierDesk) -> None:
    desk.answer()
    assert ask(desk) == ()


@pytest.mark.parametrize("status", [400, 401, 404, 422])
def test_a_refusal_is_told_apart(desk: CarrierDesk, status: int) -> None:
    desk.answer_raw(status, b'{"status": false, "message": "Please provide a valid city"}')
    with pytest.raises(RatesRefusedError, match=str(status)):
        ask(desk)


def test_a_currency_without_rates_is_refused_without_a_call(desk: CarrierDesk) -> None:
    with pytest.raises(RatesRefusedError):
        ask(desk, RatesRequest(QUESTION.origin, QUESTION.destination, QUESTION.parcels, "XOF"))
    assert desk.asked == []


def test_a_service_that_hangs_is_given_up_and_then_left_alone(desk: CarrierDesk) -> None:
    desk.hang()
    rates = TerminalAfrica(secret_key=KEY, base_url=desk.url, timeout=0.05)
    for _ in range(3):
        with pytest.raises(RatesUnavailableError, match="Timeout"):
            rates.find_services(QUESTION)
    with pytest.raises(RatesUnavailableError, match="left alone"):
        rates.find_services(QUESTION)
    assert len(desk.asked) == 3


@pytest.mark.django_db
def test_no_carrier_is_asked_inside_a_transaction(desk: CarrierDesk) -> None:
    with transaction.atomic(), pytest.raises(NetworkInTransactionError):
        ask(desk)
    assert desk.asked == []


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("Within 5 days.", (0, 5)),
        ("1 - 2 days", (1, 2)),
        ("Delivery within 2 – 4 working days", (2, 4)),
        ("3 to 5 business days", (3, 5)),
        ("1 day", (1, 1)),
        ("Same day delivery", (0, 0)),
        ("Next-day", (1, 1)),
        ("Tue Jul 13 2021 before 17:00 GMT", None),
        ("", None),
        (None, None),
        (5, None),
    ],
)
def test_days_on_the_way_are_read_where_they_are_named(text: Any, days: tuple[int, int] | None) -> None:
    assert read_days(text) == days


def test_days_that_make_no_sense_are_none() -> None:
    assert OfferedService("A", 1, "NGN", (5, 2)).transit_days is None
    assert OfferedService("A", 1, "NGN", (0, 999)).transit_days is None


@pytest.mark.parametrize("parcel", [(0, 5), (-1, 5), (5, -1)])
def test_a_parcel_without_weight_is_no_question(parcel: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="has no rate"):
        Parcel(*parcel)


@pytest.mark.parametrize(("factory", "key"), [(FACTORY, ""), ("carriers.gone.from_settings", "k"), ("nonsense", "k")])
def test_settings_from_which_it_cannot_be_built_are_refused(settings: Any, factory: str, key: str) -> None:
    settings.TERMINAL_AFRICA_SECRET_KEY, settings.SHIPPING_RATES = key, factory
    assert [each.id for each in check_shipping_rates()] == ["carriers.E001"]
    settings.SHIPPING_RATES = ""
    assert check_shipping_rates() == []
