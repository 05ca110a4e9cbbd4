"""A shop's life: what may follow what, what is kept beside it, and who is told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from kit.errors import DomainError, InvalidInputError
from kit.models import OutboxMessage
from kit.wiring import Follows
from tenants.errors import ShopBusyError, ShopNotFoundError, ShopStatusError
from tenants.life import closing
from tenants.life import transitions as lifecycle
from tenants.life.hooks import StatusChange
from tenants.life.lifecycle import TRANSITIONS
from tenants.models import Shop, ShopEvent, ShopStatus
from tests.world.clock import NOW
from tests.world.shops import make_shop
from tests.world.wiring import wired

pytestmark = pytest.mark.django_db
S = ShopStatus
WHO: dict[str, Any] = {"actor_id": None, "now": NOW}
WHY: dict[str, Any] = {**WHO, "reason": "Sells fakes"}
LATER = NOW + timedelta(minutes=6)
ACTS: dict[str, Callable[[int], Shop]] = {
    "open": lambda pk: lifecycle.open_shop(shop_id=pk, **WHO),
    "start_holiday": lambda pk: lifecycle.start_holiday(shop_id=pk, **WHO),
    "end_holiday": lambda pk: lifecycle.end_holiday(shop_id=pk, **WHO),
    "suspend": lambda pk: lifecycle.suspend_shop(shop_id=pk, **WHY),
    "restore": lambda pk: lifecycle.restore_shop(shop_id=pk, **WHY),
    "start_closing": lambda pk: closing.start_closing(shop_id=pk, **WHY),
    "cancel_closing": lambda pk: closing.cancel_closing(shop_id=pk, **WHO),
    "finish_closing": lambda pk: closing.finish_closing(shop_id=pk, now=LATER),
    "reopen": lambda pk: closing.reopen_shop(shop_id=pk, **WHO),
}
WORKS: dict[str, dict[ShopStatus, ShopStatus]] = {
    "open": {S.DRAFT: S.LIVE},
    "start_holiday": {S.LIVE: S.HOLIDAY},
    "end_holiday": {S.HOLIDAY: S.LIVE},
    "suspend": dict.fromkeys((S.DRAFT, S.LIVE, S.HOLIDAY, S.CLOSING), S.SUSPENDED),
    "restore": {S.SUSPENDED: S.LIVE},
    "start_closing": dict.fromkeys((S.DRAFT, S.LIVE, S.HOLIDAY, S.SUSPENDED), S.CLOSING),
    "cancel_closing": {S.CLOSING: S.LIVE},
    "finish_closing": {S.CLOSING: S.CLOSED},
    "reopen": {S.CLOSED: S.DRAFT},
}


def shop_that_is(status: ShopStatus) -> Shop:
    shop = make_shop("indigo", status=status)
    if status == S.SUSPENDED:
        Shop.objects.filter(pk=shop.pk).update(status_before=S.LIVE)
    return shop


def row(shop: Shop) -> dict[str, Any]:
    return Shop.objects.filter(pk=shop.pk).values().get()


@pytest.mark.parametrize("status", S)
@pytest.mark.parametrize("act", ACTS)
def test_what_may_follow_what(act: str, status: ShopStatus) -> None:
    shop = shop_that_is(status)
    before = row(shop)
    after = WORKS[act].get(status)
    if after is None:
        with pytest.raises(ShopStatusError):
            ACTS[act](shop.pk)
        assert row(shop) == before
        assert not ShopEvent.objects.exists()
        assert not OutboxMessage.objects.exists()
        return
    changed = ACTS[act](shop.pk)
    assert (changed.status, row(shop)["status"]) == (after, after)
    assert after in TRANSITIONS[status]
    event = ShopEvent.objects.get()
    assert (event.kind, event.details["before"], event.details["after"]) == ("shop.status_changed", status, after)
    message = OutboxMessage.objects.get()
    assert (message.topic, message.shop_id) == ("shop.changed", shop.pk)


@pytest.mark.parametrize("act", ACTS)
def test_a_shop_that_is_not_there(act: str) -> None:
    with pytest.raises(ShopNotFoundError):
        ACTS[act](0)


def test_a_refusal_says_what_is_possible() -> None:
    shop = make_shop("indigo", status=S.CLOSED)
    with pytest.raises(ShopStatusError, match="only draft or live or deleted") as refused:
        lifecycle.suspend_shop(shop_id=shop.pk, **WHY)
    assert refused.value.details == {"status": "closed", "possible": ("draft", "live", "deleted")}


def test_a_holiday_has_a_note_and_an_end() -> None:
    shop = make_shop("indigo")
    back = date(2026, 3, 9)
    away = lifecycle.start_holiday(shop_id=shop.pk, note=" Gone fishing ", returns_on=back, **WHO)
    assert (away.status_note, away.returns_on, away.status_at) == ("Gone fishing", back, NOW)
    home = lifecycle.end_holiday(shop_id=shop.pk, actor_id=None, now=LATER)
    assert (home.status, home.status_note, home.returns_on, home.status_at) == (S.LIVE, "", None, LATER)


@pytest.mark.parametrize("returns_on", [date(2026, 3, 2), date(2026, 3, 1), date(2027, 3, 4)])
def test_a_holiday_ends_on_a_day_to_come(returns_on: date) -> None:
    shop = make_shop("indigo")
    with pytest.raises(InvalidInputError):
        lifecycle.start_holiday(shop_id=shop.pk, returns_on=returns_on, **WHO)
    assert row(shop)["status"] == S.LIVE


def test_a_suspended_shop_goes_back_to_its_holiday_while_that_lasts() -> None:
    shop = make_shop("indigo")
    back = date(2026, 3, 9)
    lifecycle.start_holiday(shop_id=shop.pk, returns_on=back, **WHO)
    suspended = lifecycle.suspend_shop(shop_id=shop.pk, **WHY)
    assert (suspended.status_before, suspended.returns_on, suspended.status_note) == (S.HOLIDAY, back, "Sells fakes")
    again = lifecycle.restore_shop(shop_id=shop.pk, **WHY)
    assert (again.status, again.returns_on, again.status_before) == (S.HOLIDAY, back, "")
    lifecycle.suspend_shop(shop_id=shop.pk, **WHY)
    over = lifecycle.restore_shop(shop_id=shop.pk, actor_id=None, reason="", now=NOW + timedelta(days=7))
    assert (over.status, over.returns_on) == (S.LIVE, None)


def test_suspending_takes_a_reason() -> None:
    shop = make_shop("indigo")
    with pytest.raises(InvalidInputError):
        lifecycle.suspend_shop(shop_id=shop.pk, reason="  ", **WHO)
    assert row(shop)["status"] == S.LIVE


def test_a_closure_is_planned_and_taken_back() -> None:
    shop = make_shop("indigo")
    moment = NOW + timedelta(days=30)
    planned = closing.schedule_closure(shop_id=shop.pk, closes_at=moment, **WHY)
    assert (planned.status, planned.closes_at) == (S.LIVE, moment)
    assert lifecycle.start_holiday(shop_id=shop.pk, **WHO).closes_at == moment
    assert lifecycle.suspend_shop(shop_id=shop.pk, **WHY).closes_at == moment
    assert lifecycle.restore_shop(shop_id=shop.pk, **WHY).closes_at == moment
    assert closing.cancel_closing(shop_id=shop.pk, **WHO).closes_at is None
    with pytest.raises(ShopStatusError):
        closing.cancel_closing(shop_id=shop.pk, **WHO)


@pytest.mark.parametrize("moment", [NOW, NOW - timedelta(days=1), NOW + timedelta(days=366)])
def test_a_closure_is_planned_for_a_moment_to_come(moment: Any) -> None:
    shop = make_shop("indigo")
    with pytest.raises(InvalidInputError):
        closing.schedule_closure(shop_id=shop.pk, closes_at=moment, **WHY)
    assert row(shop)["closes_at"] is None


def test_a_draft_that_was_to_close_is_a_draft_again() -> None:
    shop = make_shop("indigo", status=S.DRAFT)
    assert closing.start_closing(shop_id=shop.pk, **WHY).status_before == S.DRAFT
    assert closing.cancel_closing(shop_id=shop.pk, **WHO).status == S.DRAFT


def test_a_shop_that_has_just_begun_to_close_is_not_closed_yet() -> None:
    shop = make_shop("indigo")
    closing.start_closing(shop_id=shop.pk, **WHY)
    with pytest.raises(ShopBusyError, match="a moment ago"):
        closing.finish_closing(shop_id=shop.pk, now=NOW + timedelta(minutes=4))
    assert row(shop)["status"] == S.CLOSING


def test_a_closed_shop_is_kept_for_a_while_and_comes_back_whole() -> None:
    shop = make_shop("indigo")
    closing.start_closing(shop_id=shop.pk, **WHY)
    closed = closing.finish_closing(shop_id=shop.pk, now=LATER)
    assert closed.delete_after == LATER + timedelta(days=90)
    back = closing.reopen_shop(shop_id=shop.pk, as_draft=False, **WHO)
    assert (back.status, back.delete_after) == (S.LIVE, None)


@pytest.mark.parametrize(
    "changes",
    [
        {"status_before": "live"},
        {"status": "suspended", "status_before": "suspended"},
        {"status": "suspended", "status_before": "asleep"},
        {"returns_on": date(2026, 4, 1)},
        {"status": "closed", "closes_at": NOW},
        {"delete_after": NOW},
        {"status": "asleep"},
    ],
)
def test_the_database_refuses_what_no_service_writes(changes: dict[str, Any]) -> None:
    shop = make_shop("indigo")
    with pytest.raises(IntegrityError), transaction.atomic():
        Shop.objects.filter(pk=shop.pk).update(**changes)
    assert row(shop)["status"] == S.LIVE


def test_a_change_that_fails_leaves_nothing() -> None:
    shop = make_shop("indigo")
    before = row(shop)

    def fail(_change: Any) -> None:
        raise DomainError

    with wired(follows=[Follows(StatusChange, fail)]), pytest.raises(DomainError):
        lifecycle.suspend_shop(shop_id=shop.pk, **WHY)
    assert row(shop) == before
    assert not ShopEvent.objects.exists()
