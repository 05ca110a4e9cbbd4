"""Slices of lists by a cursor."""

import base64
import json
from datetime import timedelta
from typing import Any

import pytest

from kit.db.keyset import Slice, read_slice
from kit.errors import InvalidInputError
from notifications.models import Notification
from tests.world.clock import NOW
from tests.world.factories.people import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def messages() -> None:
    user = UserFactory.create()
    for number in range(7):
        Notification.objects.create(
            user=user,
            kind="order.paid",
            title=str(number),
            dedup_key=str(number),
            created_at=NOW + timedelta(number // 3),
        )


def titles(found: Slice[Notification]) -> str:
    return "".join(message.title for message in found.rows)


def read(cursor: str = "", size: int = 3, **how: Any) -> Slice[Notification]:
    return read_slice(Notification.objects.all(), cursor=cursor, size=size, **how)


@pytest.mark.parametrize("how", [{}, {"by": "created_at"}, {"is_newest_first": False}])
@pytest.mark.parametrize("size", [1, 2, 3, 7, 8])
def test_every_row_comes_once_there_and_back(how: dict[str, Any], size: int) -> None:
    there, part = [], read(size=size, **how)
    assert part.previous_cursor == ""
    there.append(titles(part))
    while part.next_cursor:
        part = read(part.next_cursor, size, **how)
        there.append(titles(part))
    assert "".join(there) == ("0123456" if "is_newest_first" in how else "6543210")
    back = [titles(part)]
    while part.previous_cursor:
        part = read(part.previous_cursor, size, **how)
        back.append(titles(part))
    assert back == there[::-1]


def test_rows_that_are_added_meanwhile_move_no_others() -> None:
    first = read()
    Notification.objects.create(
        user=UserFactory.create(), kind="order.paid", title="new", dedup_key="new", created_at=NOW
    )
    assert titles(read(first.next_cursor)) == "321"


def test_a_place_beyond_the_last_row_is_empty() -> None:
    last = read(size=7)
    Notification.objects.all().delete()
    assert read(last.next_cursor or as_cursor(["pk", 0, 1, 1])) == Slice([])


def as_cursor(fields: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(fields).encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    "cursor",
    [
        "x",
        "é",
        "AAAA",
        "W10",
        *map(
            as_cursor,
            [
                None,
                {},
                ["pk", 0, 1],
                ["pk", 0, "one", "one"],
                ["pk", 0, None, None],
                ["pk", 0, 2**63, 2**63],
                ["pk", 0, [1], [1]],
                ["created_at", 0, "2026-11-29T00:00:00+00:00", 3],
                ["title", 0, "a", 3],
            ],
        ),
    ],
)
def test_a_cursor_of_another_list_or_of_none_is_refused(cursor: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        read(cursor)
    assert list(refused.value.details) == ["cursor"]


@pytest.mark.parametrize("value", ["2026-11-29T00:00:00", "never", 5, None])
def test_a_cursor_whose_time_is_none_is_refused(value: Any) -> None:
    with pytest.raises(InvalidInputError):
        read(as_cursor(["created_at", 0, value, 3]), by="created_at")
