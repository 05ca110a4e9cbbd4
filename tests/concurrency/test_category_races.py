"""Two operators move two categories below each other at once: one is refused; without the lock both go round."""

from __future__ import annotations

from threading import Barrier

import pytest
from django.db.models import F

from catalogue.discovery.errors import CategoryCycleError
from catalogue.discovery.models import Category
from catalogue.discovery.services import categories
from catalogue.discovery.services.categories import CategoryInput, change_category, ensure_categories
from tests.world.clock import NOW
from tests.world.races import all_at_once

NAMES = ("First", "Second")


def move_below_each_other(ids: list[int]) -> dict[str, int]:
    def move(number: int) -> str:
        try:
            change_category(category_id=ids[number], name=NAMES[number], parent_id=ids[1 - number], position=0, now=NOW)
        except CategoryCycleError:
            return "refused"
        return "moved"

    return dict(all_at_once(move, 2))


def two_categories() -> list[int]:
    made = ensure_categories(categories=[CategoryInput(name) for name in NAMES])
    return [made[name.lower()] for name in NAMES]


def test_two_categories_do_not_come_below_each_other(live_database: str) -> None:
    ids = two_categories()
    assert move_below_each_other(ids) == {"moved": 1, "refused": 1}
    root, below = Category.objects.filter(pk__in=ids).order_by(F("parent_id").asc(nulls_first=True))
    assert (root.parent_id, below.parent_id) == (None, root.pk)


def test_without_the_lock_both_come_below_each_other(live_database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    ids = two_categories()
    both_have_read = Barrier(2)

    def read() -> dict[int, Category]:
        found = {category.pk: category for category in Category.objects.order_by("pk")}
        both_have_read.wait(timeout=60)
        return found

    monkeypatch.setattr(categories, "lock_categories", read)
    assert move_below_each_other(ids) == {"moved": 2}
    assert not Category.objects.filter(parent_id__isnull=True).exists()
