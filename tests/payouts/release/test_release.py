"""What is delivered becomes available after its days, once, less what the shop owes and what is kept as a reserve."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kit.errors import InvalidInputError
from payouts.errors import AlreadyReleasedError, NotDeliveredError
from payouts.models import Journal, JournalKind, ReleaseHold, ReleaseSchedule, Reserve
from payouts.release.holds import close_hold
from payouts.release.round import run_round
from payouts.release.schedules import open_schedule, release_early, schedule_release
from payouts.release.terms import OwnTerms, change_terms, hold_days
from payouts.selectors import shop_balances
from payouts.selectors.release_totals import money_totals
from payouts.selectors.releases import describe_releases, pending_money, release_of, schedules_of_shop
from tenants.models import Shop
from tests.world.books import make_operator
from tests.world.clock import NOW
from tests.world.ledger import assert_books_hold, make_shop
from tests.world.releases import DAYS, DUE, delivered, hold, sold, take_back

pytestmark = pytest.mark.django_db
BATCH_STATEMENTS = 13  # with the savepoint, the terms, the reserves and the two marks
DAY = timedelta(days=1)


@pytest.fixture
def shop() -> Shop:
    return make_shop("indigo")


def figures(shop: Shop) -> tuple[int, ...]:
    found = shop_balances(shop_id=shop.pk)
    assert_books_hold()
    return found.pending_minor, found.available_minor, found.reserved_minor, found.receivable_minor


def keep(shop: Shop, **terms: Any) -> None:
    change_terms(shop_id=shop.pk, terms=OwnTerms(**terms), actor_id=make_operator().pk, now=NOW)


def test_it_is_released_when_its_days_are_over_and_once(shop: Shop) -> None:
    delivered(shop, 10_000), delivered(shop, 5_000, days=9), sold(shop, 700)

    assert run_round(now=DUE - timedelta(seconds=1)).released == 0
    assert [run_round(now=DUE).released for _ in range(3)] == [1, 0, 0]
    assert figures(shop) == (5_700, 10_000, 0, 0)
    assert run_round(now=DUE + 2 * DAY).released == 1
    assert figures(shop) == (700, 15_000, 0, 0)
    assert Journal.objects.filter(kind=JournalKind.RELEASE).count() == 2


def test_orders_of_a_shop_share_a_journal_and_their_number_adds_no_statement(shop: Shop) -> None:
    keep(shop, reserve_bps=1_000)
    for count in (2, 30):
        parts = [delivered(shop) for _ in range(count)]
        with CaptureQueriesContext(connection) as captured:
            run_round(now=DUE)
        assert (
            len(captured) <= BATCH_STATEMENTS + 3
        )  # beside the batch: holds that lapse, and the shops with releases or reserves
        schedules = ReleaseSchedule.objects.filter(pk__in=[part.sub_order_id for part in parts])
        assert schedules.values("journal_id").distinct().count() == 1
    assert figures(shop) == (0, 288_000, 32_000, 0)


def test_a_batch_is_bounded(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("payouts.release.release_due.AT_ONCE", 2)
    for _ in range(5):
        delivered(shop)
    assert run_round(now=DUE).released == 5
    assert Journal.objects.filter(kind=JournalKind.RELEASE).count() == 3
    assert figures(shop) == (0, 50_000, 0, 0)


def test_nothing_is_booked_where_nothing_is_pending(shop: Shop) -> None:
    part = delivered(shop)
    take_back(part, 10_000)
    assert run_round(now=DUE).released == 1
    schedule = ReleaseSchedule.objects.get()
    assert (schedule.released_at, schedule.journal) == (DUE, None)
    assert figures(shop) == (0, 0, 0, 0)


def test_a_shop_that_fails_keeps_no_other_waiting(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    other = make_shop("copper")
    delivered(shop), delivered(other)
    reserve_terms = run_round.__globals__["release_due"].__globals__["reserve_terms"]

    def failing(*, shop_id: int) -> Any:
        if shop_id == shop.pk:
            raise InvalidInputError
        return reserve_terms(shop_id=shop_id)

    with monkeypatch.context() as patched:
        patched.setattr("payouts.release.release_due.reserve_terms", failing)
        assert run_round(now=DUE).released == 1
    assert (figures(shop)[:2], figures(other)[:2]) == ((10_000, 0), (0, 10_000))
    assert run_round(now=DUE).released == 1


def test_a_hold_keeps_it_until_the_last_one_is_closed(shop: Shop) -> None:
    part = delivered(shop)
    hold(part, "return:1"), hold(part, "return:1"), hold(part, "return:2")
    assert ReleaseSchedule.objects.get().open_holds == 2
    assert run_round(now=DUE).released == 0
    assert close_hold(source="return:1", now=DUE)
    assert not close_hold(source="return:1", now=DUE)
    assert run_round(now=DUE).released == 0
    close_hold(source="return:2", now=DUE)
    assert run_round(now=DUE).released == 1
    hold(part, "return:3", now=DUE)
    assert ReleaseHold.objects.filter(closed_at=None).count() == 0, "what is released is not held"


def test_a_hold_before_the_delivery_holds_after_it(shop: Shop) -> None:
    part = sold(shop)
    hold(part, "refund:1")
    schedule_release(part=part, delivered_at=NOW, hold_days=DAYS)
    schedule_release(part=part, delivered_at=NOW + DAY, hold_days=0)
    schedule = ReleaseSchedule.objects.get()
    assert (schedule.delivered_at, schedule.due_at, schedule.open_holds) == (NOW, DUE, 1)
    assert run_round(now=DUE).released == 0


def test_a_hold_lapses_unless_it_is_renewed(shop: Shop) -> None:
    part = delivered(shop)
    hold(part, "return:1", lapses_at=DUE + DAY)
    assert run_round(now=DUE).released == 0
    hold(part, "return:1", lapses_at=DUE + 2 * DAY)
    assert run_round(now=DUE + DAY).lapsed == 0
    result = run_round(now=DUE + 2 * DAY)
    assert (result.lapsed, result.released) == (1, 1)


def test_it_is_taken_of_pending_then_available_then_the_reserve_then_owed_and_paid_first(shop: Shop) -> None:
    keep(shop, reserve_bps=2_000, reserve_days=30)
    first, second = delivered(shop, 10_000), delivered(shop, 6_000, days=DAYS + 1)
    run_round(now=DUE)
    assert figures(shop) == (6_000, 8_000, 2_000, 0)

    take_back(second, 7_000)  # all that is pending of it, then of the other's
    assert figures(shop) == (0, 7_000, 2_000, 0)
    take_back(first, 8_500)
    assert figures(shop) == (0, 0, 500, 0)
    assert Reserve.objects.get().taken_minor == 1_500
    take_back(first, 1_500)
    assert figures(shop) == (0, 0, 0, 1_000)

    third = delivered(shop, 4_000)
    run_round(now=DUE + DAY)
    assert figures(shop) == (0, 2_400, 600, 0), "the debt first, then a fifth of the rest is kept"
    assert Reserve.objects.get(schedule_id=third.sub_order_id).amount_minor == 600
    assert run_round(now=DUE + 31 * DAY).reserves_ended == 2, "one of which nothing was left"
    assert figures(shop) == (0, 3_000, 0, 0)


def test_a_reversal_is_three_statements_and_one_more_where_it_takes_a_reserve(shop: Shop) -> None:
    keep(shop, reserve_bps=10_000)
    part, released = delivered(shop, days=90), delivered(shop, 5_000)
    run_round(now=DUE)
    take_back(part, 1)  # opens the account of refunds
    for of, amount, statements in ((part, 9_999, 3), (released, 5_000, 4), (released, 1_000, 3)):
        with CaptureQueriesContext(connection) as captured:
            take_back(of, amount)
        assert len(captured) == statements + 2, "and a savepoint"
    assert figures(shop) == (0, 0, 0, 1_000)


def test_a_reserve_ends_once_and_pays_what_is_owed_first(shop: Shop) -> None:
    keep(shop, reserve_bps=10_000, reserve_days=10)
    part = delivered(shop)
    run_round(now=DUE)
    assert figures(shop) == (0, 0, 10_000, 0)
    assert run_round(now=DUE + 10 * DAY - timedelta(seconds=1)).reserves_ended == 0
    assert [run_round(now=DUE + 10 * DAY).reserves_ended for _ in range(2)] == [1, 0]
    assert figures(shop) == (0, 10_000, 0, 0)
    take_back(part, 12_000)
    assert figures(shop) == (0, 0, 0, 2_000)


def test_reserves_are_taken_of_the_sales_own_first_then_of_the_next_to_end(shop: Shop) -> None:
    keep(shop, reserve_bps=10_000, reserve_days=10)
    parts = [delivered(shop, 1_000, days=day) for day in (1, 2, 3)]
    for day in (1, 2, 3):
        run_round(now=NOW + day * DAY)
    take_back(parts[1], 1_500)
    taken = {reserve.schedule_id: reserve.taken_minor for reserve in Reserve.objects.all()}
    assert [taken[part.sub_order_id] for part in parts] == [500, 1_000, 0]
    assert run_round(now=NOW + 20 * DAY).reserves_ended == 3
    assert figures(shop) == (0, 1_500, 0, 0)


def test_an_operator_releases_early_and_holds_still_hold(shop: Shop) -> None:
    part, held, coming = delivered(shop), delivered(shop), sold(shop)
    hold(held, "return:1")
    for each in (part, held):
        release_early(sub_order_id=each.sub_order_id, now=NOW + DAY)
    assert run_round(now=NOW + DAY).released == 1
    with pytest.raises(AlreadyReleasedError):
        release_early(sub_order_id=part.sub_order_id, now=NOW + DAY)
    open_schedule(part=coming)
    with pytest.raises(NotDeliveredError):
        release_early(sub_order_id=coming.sub_order_id, now=NOW + DAY)
    assert figures(shop) == (20_000, 10_000, 0, 0)


@pytest.mark.parametrize(
    ("own", "paths", "age", "orders", "days"),
    [
        (None, [], 100, 3, 7),
        (None, [], 29, 3, 14),
        (None, [], 100, 2, 14),
        (0, [], 1, 0, 0),
        (3, [["bags", "totes"], ["fruit"]], 100, 3, 5),
        (None, [["bags", "phones"]], 100, 3, 21),
        (None, [["bags", "phones"], ["bags"]], 100, 3, 21),
        (30, [["phones"]], 100, 3, 30),
    ],
)
def test_the_longest_days_that_apply_count(
    shop: Shop, settings: Any, *, own: int | None, paths: list[list[str]], age: int, orders: int, days: int
) -> None:
    settings.PAYOUT_HOLD_DAYS_BY_CATEGORY = {"bags": 5, "phones": 21}
    settings.PAYOUT_NEW_SHOP_ORDERS = 3
    for _ in range(orders):
        delivered(shop)
    if own is not None:
        keep(shop, hold_days=own)
    at = NOW + age * DAY
    assert hold_days(shop_id=shop.pk, category_paths=paths, delivered_at=at) == days


@pytest.mark.parametrize("terms", [{"hold_days": 366}, {"hold_days": -1}, {"reserve_bps": 10_001}, {"reserve_days": 0}])
def test_terms_out_of_their_range_are_refused(shop: Shop, terms: dict[str, int]) -> None:
    with pytest.raises(InvalidInputError):
        keep(shop, **terms)


def test_the_shop_reads_when_each_comes_and_why_it_is_held(shop: Shop) -> None:
    keep(shop, reserve_bps=1_000, reserve_days=30)
    early, late, held = delivered(shop, 1_000, days=1), delivered(shop, 2_000), delivered(shop, 4_000)
    delivered(shop, 3_000), sold(shop, 500)
    hold(held, "return:1")
    run_round(now=NOW + DAY)

    money = pending_money(shop_id=shop.pk)
    assert [(day.orders, day.amount_minor) for day in money.days] == [(2, 5_000)]
    assert (money.held_orders, money.held_minor) == (1, 4_000)
    found = release_of(shop_id=shop.pk, sub_order_id=held.sub_order_id)
    assert found is not None
    assert (found.state, [each.reason for each in found.holds]) == ("held", ["return"])
    states = {each.sub_order_id: each for each in describe_releases(list(schedules_of_shop(shop_id=shop.pk)))}
    assert (states[early.sub_order_id].state, states[early.sub_order_id].reserved_minor) == ("released", 100)
    assert (states[late.sub_order_id].state, states[late.sub_order_id].pending_minor) == ("waiting", 2_000)
    assert release_of(shop_id=make_shop("copper").pk, sub_order_id=held.sub_order_id) is None
    [total] = money_totals(now=DUE)
    assert (total.pending_minor, total.available_minor, total.reserved_minor) == (9_500, 900, 100)
    assert (total.waiting, total.held, total.due, total.reserves) == (0, 1, 2, 1)
