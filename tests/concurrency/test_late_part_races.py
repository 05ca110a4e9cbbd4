"""Of two searches for late parts at once, one tells of a part; and a part that leaves meanwhile is left."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.db.models import QuerySet

from checkout.fulfilling import find_late_parts as searching
from checkout.fulfilling.find_late_parts import find_late_parts
from checkout.fulfilment.events import DispatchDelayed
from checkout.models import SubOrder
from kit.work import outbox
from tests.world.clock import NOW
from tests.world.market import open_shop, stock
from tests.world.own_shop import paid_order
from tests.world.races import after_all, all_at_once

LATER = NOW + timedelta(days=9)


@pytest.fixture
def late(live_database: str) -> list[SubOrder]:
    """Parts that should have left a week ago, with their last day written."""
    item = stock(open_shop("indigo"))
    for _ in range(3):
        paid_order(item, now=NOW)
    find_late_parts(now=NOW)
    return list(SubOrder.objects.order_by("pk"))


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """The parts of which it was told that they are late."""
    said: list[Any] = []
    real = outbox.emit

    def emit(event: Any, **more: Any) -> None:
        if isinstance(event, DispatchDelayed):
            said.append(event.sub_order_id)
        real(event, **more)

    monkeypatch.setattr(outbox, "emit", emit)
    return said


def test_each_part_is_told_of_once(late: list[SubOrder], told: list[Any]) -> None:
    all_at_once(lambda _: find_late_parts(now=LATER), 4)
    find_late_parts(now=LATER)
    assert sorted(told) == [part.pk for part in late]


def test_a_part_that_another_process_holds_is_left_to_the_next_round(late: list[SubOrder], told: list[Any]) -> None:
    with transaction.atomic():
        list(SubOrder.objects.select_for_update().filter(pk=late[0].pk))
        assert all_at_once(lambda _: find_late_parts(now=LATER), 1) == {2: 1}
    assert find_late_parts(now=LATER) == 1
    assert sorted(told) == [part.pk for part in late]


def test_without_the_lock_each_is_told_of_twice(
    late: list[SubOrder], told: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: both have found the parts before one of them marks any."""

    def read(parts: QuerySet[SubOrder]) -> list[SubOrder]:
        return list(parts.select_related("order").order_by("pk"))

    monkeypatch.setattr(searching, "lock_free_parts", after_all(read, 2))
    all_at_once(lambda _: find_late_parts(now=LATER), 2)
    assert sorted(told) == sorted([part.pk for part in late] * 2)
