"""A fault applies where it was asked to, as often as it was asked to."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from paystack_sandbox.errors import ApiError
from paystack_sandbox.faults import FaultBook
from paystack_sandbox.store import Store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store(tmp_path / "sandbox.sqlite3")
    yield store
    store.close()


def test_a_fault_is_used_up(store: Store) -> None:
    book = FaultBook(store)
    book.add({"kind": "drop", "times": 2})

    assert [bool(book.take("drop", event="charge.success")) for _ in range(3)] == [True, True, False]
    assert FaultBook(store).all() == []


def test_a_fault_without_end_stays_until_removed(store: Store) -> None:
    book = FaultBook(store)
    fault = book.add({"kind": "drop", "times": None})

    assert all(book.take("drop", event="charge.success") for _ in range(5))
    assert book.remove(fault.id) == 1
    assert book.take("drop", event="charge.success") is None


def test_what_is_left_of_a_fault_survives_a_restart(store: Store) -> None:
    FaultBook(store).add({"kind": "html", "times": 3, "match": {"path": "/transaction/verify"}})
    book = FaultBook(store)
    book.take("html", method="GET", path="/transaction/verify/x")

    assert [fault.remaining for fault in FaultBook(store).all()] == [2]


@pytest.mark.parametrize(
    ("options", "facts", "applies"),
    [
        ({}, {"method": "GET", "path": "/refund"}, True),
        ({"match": {"method": "post"}}, {"method": "POST", "path": "/refund"}, True),
        ({"match": {"method": "POST"}}, {"method": "GET", "path": "/refund"}, False),
        ({"match": {"path": "/transaction/verify/"}}, {"path": "/transaction/verify/a-1"}, True),
        ({"match": {"path": "/transfer"}}, {"path": "/transaction/verify/a-1"}, False),
        ({"match": {"reference": "a-1"}}, {"reference": "a-1"}, True),
        ({"match": {"reference": "a-1"}}, {"reference": "a-10"}, False),
        ({"event": "refund"}, {"event": "refund.processed"}, True),
        ({"event": "refund.processed"}, {"event": "refund.processing"}, False),
    ],
)
def test_conditions_of_a_fault(store: Store, options: dict[str, object], facts: dict[str, str], applies: bool) -> None:
    book = FaultBook(store)
    book.add({"kind": "html", **options})

    assert (book.take("html", **facts) is not None) is applies


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"kind": "earthquake"},
        {"kind": "drop", "times": 0},
        {"kind": "drop", "times": "often"},
        {"kind": "drop", "match": {"colour": "red"}},
        {"kind": "wrong_amount", "where": "nowhere"},
        {"kind": "wrong_currency", "currency": "BTC"},
        {"kind": "transfer_outcome", "outcome": "vanished"},
    ],
)
def test_a_fault_that_does_not_hold_is_refused(store: Store, asked: dict[str, object]) -> None:
    book = FaultBook(store)

    with pytest.raises(ApiError):
        book.add(asked)

    assert book.all() == []
    assert store.number("SELECT COUNT(*) FROM faults") == 0
