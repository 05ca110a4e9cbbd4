"""Releases, reversals and holds of the same money at once: one after the other, and none of it moves twice."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

import pytest
from django.db import IntegrityError, transaction

from payouts.audit.run import run_audit
from payouts.models import Journal, JournalKind, ReleaseHold, ReleaseSchedule
from payouts.release import release_due as releasing
from payouts.release.round import run_round
from payouts.selectors import ShopBalances, shop_balances
from payouts.services import reversals
from payouts.services.shop_money import ShopMoney, pending_by_sub_order
from tenants.models import Shop
from tests.world.ledger import assert_books_hold, make_shop
from tests.world.races import after_all, all_at_once, followed_by
from tests.world.releases import DUE, delivered, hold, take_back

AT_ONCE = 8


@pytest.fixture
def shop(live_database: str) -> Shop:
    return make_shop("indigo")


def balances(shop: Shop) -> ShopBalances:
    assert_books_hold()
    return shop_balances(shop_id=shop.pk)


def off() -> set[str]:
    return {each.name for each in run_audit(with_provider=False, now=DUE).results if each.findings}


def test_many_releases_at_once_release_once(shop: Shop) -> None:
    for _ in range(20):
        delivered(shop, 1_000)
    released = all_at_once(lambda _: run_round(now=DUE).released, AT_ONCE)
    assert sum(count * times for count, times in released.items()) == 20
    assert balances(shop).available_minor == 20_000
    assert Journal.objects.filter(kind=JournalKind.RELEASE).count() == 1


def test_reversals_beside_a_release_take_each_unit_where_it_is_by_then(shop: Shop) -> None:
    parts = [delivered(shop, 1_000) for _ in range(AT_ONCE)]

    def work(number: int) -> str:
        if number % 2:
            run_round(now=DUE)
        else:
            take_back(parts[number], 1_000)
            take_back(parts[number + 1], 400)
        return "done"

    assert all_at_once(work, AT_ONCE) == {"done": AT_ONCE}
    run_round(now=DUE)
    found = balances(shop)
    assert (found.pending_minor, found.available_minor, found.receivable_minor) == (0, AT_ONCE // 2 * 600, 0)
    assert "releases_booked" not in off()


def test_without_the_lock_money_of_one_sale_moves_twice(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: both read what is pending of the sale before either has moved it."""
    part = delivered(shop, 1_000)
    delivered(shop, 5_000, days=90)
    read = after_all(pending_by_sub_order, 2)

    def unlocked(*, shop_id: int, currency: str) -> ShopMoney:
        return ShopMoney()

    for module in (releasing, reversals):
        monkeypatch.setattr(module, "lock_shop_money", unlocked)
        monkeypatch.setattr(module, "pending_by_sub_order", read)

    def work(number: int) -> str:
        if number:
            releasing.release_batch(shop.pk, "NGN", now=DUE)
        else:
            take_back(part, 1_000)
        return "done"

    assert all_at_once(work, 2) == {"done": 2}
    found = balances(shop)
    assert (found.pending_minor, found.available_minor) == (4_000, 1_000), "a thousand of another sale is gone"
    assert "releases_booked" in off()


def test_where_it_is_all_that_is_pending_the_database_refuses_the_second(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control of the constraint."""
    part = delivered(shop, 1_000)
    read = after_all(pending_by_sub_order, 2)
    for module in (releasing, reversals):
        monkeypatch.setattr(module, "lock_shop_money", lambda **_: ShopMoney())
        monkeypatch.setattr(module, "pending_by_sub_order", read)

    def work(number: int) -> str:
        try:
            if number:
                releasing.release_batch(shop.pk, "NGN", now=DUE)
            else:
                take_back(part, 1_000)
        except IntegrityError as error:
            return str(error.__cause__.diag.constraint_name)  # type: ignore[union-attr]
        return "done"

    assert all_at_once(work, 2) == {"done": 1, "balance_not_negative": 1}


def test_a_hold_that_is_being_opened_is_passed_over(shop: Shop) -> None:
    part = delivered(shop, 1_000)
    delivered(shop, 500)
    with transaction.atomic():
        hold(part, "return:1")
        released = all_at_once(lambda _: run_round(now=DUE).released, 1)
    assert released == {1: 1}
    assert run_round(now=DUE).released == 0
    assert balances(shop).pending_minor == 1_000


def test_without_the_count_a_hold_is_not_seen(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: what is due is read without its locks, and a hold is opened before it is marked."""
    part = delivered(shop, 1_000)

    def read(*, shop_id: int, currency: str, due_by: object) -> list[UUID]:
        due = ReleaseSchedule.objects.filter(shop_id=shop_id, currency=currency, released_at=None, open_holds=0)
        return list(due.values_list("pk", flat=True))

    def mark(sub_order_ids: Collection[UUID], journal: Journal | None, now: object) -> None:
        ReleaseSchedule.objects.filter(pk__in=list(sub_order_ids)).update(
            released_at=now, journal=journal, open_holds=0
        )

    monkeypatch.setattr(releasing, "lock_due_schedules", followed_by(read, lambda: hold(part, "return:1") is None))
    monkeypatch.setattr(releasing, "_mark", mark)
    releasing.release_batch(shop.pk, "NGN", now=DUE)
    assert balances(shop).available_minor == 1_000
    assert ReleaseHold.objects.filter(closed_at=None).count() == 1, "of money that is available"
