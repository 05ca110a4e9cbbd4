"""A shop is paid on the days that it has chosen, from the amount that it has chosen."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.conf import LazySettings, settings
from django.db import IntegrityError, transaction
from django.test import Client

from console.models import AuditEntry
from kit.errors import InvalidInputError
from payouts.models import Payout, PayoutRun, PayoutSchedule, Rhythm
from payouts.runs.create import create_runs
from payouts.runs.daily import make_daily_runs, next_payday
from payouts.runs.errors import NothingToPayError
from payouts.runs.preview import Skipped, preview_payouts
from payouts.services.schedules import Schedule, change_schedule, schedule_of
from tenants.models import Role, Shop
from tests.world.books import make_operator
from tests.world.factories.people import person
from tests.world.own_shop import Staffed, api, member, page_client, staffed
from tests.world.payouts import EARNED, payable_shop
from tests.world.releases import DUE

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 3, 9)  # the day of DUE


@pytest.mark.parametrize(
    ("schedule", "from_day", "expected"),
    [
        (Schedule(), MONDAY, MONDAY),
        (Schedule(Rhythm.WEEKLY, weekday=0), MONDAY, MONDAY),
        (Schedule(Rhythm.WEEKLY, weekday=6), MONDAY, date(2026, 3, 15)),
        (Schedule(Rhythm.MONTHLY, month_day=9), MONDAY, MONDAY),
        (Schedule(Rhythm.MONTHLY, month_day=8), MONDAY, date(2026, 4, 8)),
        (Schedule(Rhythm.MONTHLY, month_day=28), date(2026, 1, 29), date(2026, 2, 28)),
    ],
)
def test_the_next_day_of_a_schedule(schedule: Schedule, from_day: date, expected: date) -> None:
    assert schedule.next_day(from_day) == expected


def set_schedule(shop: Shop, **facts: Any) -> None:
    change_schedule(shop=shop, schedule=Schedule(**facts), actor_id=person().pk, now=DUE)


def test_a_run_takes_who_is_due_by_the_shops_own_calendar() -> None:
    """Just before midnight in UTC it is Tuesday in Lagos."""
    assert DUE.date() == MONDAY
    payable_shop("daily")
    weekly = payable_shop("weekly", number="1234567890")
    set_schedule(weekly, rhythm=Rhythm.WEEKLY, weekday=1)
    skipped = {line.shop.slug: line.skipped for line in preview_payouts(now=DUE)}
    assert skipped == {"daily": None, "weekly": Skipped.NOT_DUE}

    create_runs(now=DUE)
    with pytest.raises(NothingToPayError):
        create_runs(now=DUE + timedelta(hours=1))
    create_runs(now=datetime(2026, 3, 9, 23, 30, tzinfo=UTC))

    assert list(Payout.objects.order_by("pk").values_list("shop__slug", flat=True)) == ["daily", "weekly"]


def test_an_operator_may_pay_one_shop_on_another_day() -> None:
    shop = payable_shop("weekly")
    set_schedule(shop, rhythm=Rhythm.WEEKLY, weekday=4)
    create_runs(now=DUE, shop_id=shop.pk)
    assert Payout.objects.get().amount_minor == EARNED


def test_a_run_is_of_the_provider_that_sends_transfers(settings: LazySettings) -> None:
    """It is another than the one that takes the charges; without one the shop is told why it is not paid."""
    here = "tests.gateway.test_registry."
    payable_shop("indigo")
    settings.PAYMENT_PROVIDERS = {"till": f"{here}charges_alone"}
    settings.DEFAULT_PAYMENT_PROVIDER = "till"
    assert [line.skipped for line in preview_payouts(now=DUE)] == [Skipped.NO_PROVIDER]
    with pytest.raises(NothingToPayError):
        create_runs(now=DUE)

    settings.PAYMENT_PROVIDERS |= {"wire": f"{here}sends_alone"}
    assert [(line.provider, line.skipped) for line in preview_payouts(now=DUE)] == [("wire", None)]
    create_runs(now=DUE)
    assert [(run.provider, run.total_minor) for run in PayoutRun.objects.all()] == [("wire", EARNED)]


def test_a_shops_own_minimum_is_at_or_above_the_markets(settings: LazySettings) -> None:
    shop = payable_shop("indigo")
    set_schedule(shop, minimum_minor=EARNED + 1)
    assert [line.skipped for line in preview_payouts(now=DUE)] == [Skipped.BELOW_MINIMUM]
    settings.PAYOUT_MINIMUM_MINOR = EARNED + 5
    assert schedule_of(shop_id=shop.pk).least_minor == EARNED + 5
    wrong: list[dict[str, Any]] = [
        {"minimum_minor": EARNED},
        {"rhythm": Rhythm.WEEKLY},
        {"rhythm": Rhythm.WEEKLY, "weekday": 7},
        {"rhythm": Rhythm.MONTHLY, "month_day": 29},
        {"rhythm": Rhythm.DAILY, "weekday": 1},
    ]
    for facts in wrong:
        with pytest.raises(InvalidInputError):
            set_schedule(shop, **facts)
    assert PayoutSchedule.objects.get().minimum_minor == EARNED + 1


def test_runs_of_the_day_are_made_once(settings: LazySettings) -> None:
    payable_shop("indigo")
    morning = DUE.replace(hour=6)
    assert make_daily_runs(now=DUE.replace(hour=4)) == []
    settings.PAYOUT_RUN_DAILY = False
    assert make_daily_runs(now=morning) == []
    settings.PAYOUT_RUN_DAILY = True
    assert len(make_daily_runs(now=morning)) == 1
    payable_shop("copper", number="1234567890")
    assert make_daily_runs(now=morning + timedelta(hours=1)) == []
    daily = Schedule()
    assert next_payday(daily, country="NG", now=morning - timedelta(days=1)) == (morning - timedelta(days=1)).date()
    assert next_payday(daily, country="NG", now=morning) == (morning + timedelta(days=1)).date(), "today is over"
    assert len(make_daily_runs(now=morning + timedelta(days=1))) == 1
    assert PayoutRun.objects.count() == 2


def test_a_run_that_an_operator_makes_is_not_the_run_of_the_day() -> None:
    shop = payable_shop("indigo")
    create_runs(now=DUE.replace(hour=6), shop_id=shop.pk)  # as `payouts run --shop` does
    payable_shop("copper", number="1234567890")
    assert len(make_daily_runs(now=DUE.replace(hour=7))) == 1


@pytest.mark.parametrize(
    ("name", "facts"),
    [
        ("payout_schedule_has_its_day", {"rhythm": "weekly"}),
        ("payout_schedule_has_its_day", {"rhythm": "monthly", "month_day": 31}),
        ("payout_schedule_has_its_day", {"rhythm": "daily", "weekday": 1}),
        ("payout_schedule_has_its_day", {"rhythm": "on_request", "month_day": 1}),
        ("payout_schedule_minimum_positive", {"rhythm": "daily", "minimum_minor": 0}),
    ],
)
def test_a_row_that_breaks_a_rule_is_refused(name: str, facts: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        PayoutSchedule.objects.create(shop=payable_shop("indigo"), changed_at=DUE, **facts)


@pytest.fixture
def own() -> Staffed:
    return staffed("indigo-fabrics")


def test_owners_set_it_on_their_page_and_over_the_api(own: Staffed) -> None:
    owner = member(own.shop)
    desk, address = page_client(own.shop, owner), "/dashboard/settings/payouts/"
    assert "paid out next on" in desk.get(address).content.decode()
    refused = desk.post(address, {"rhythm": "weekly", "weekday": "", "month_day": "", "minimum": "1"})
    assert (refused.status_code, refused.context["form"].errors.keys()) == (422, {"weekday", "minimum"})
    sent = {"rhythm": "weekly", "weekday": "4", "month_day": "3", "minimum": "5000"}
    assert desk.post(address, sent).status_code == 302
    assert schedule_of(shop_id=own.shop.pk) == Schedule(Rhythm.WEEKLY, 4, None, 500_000)

    client, endpoint = api(own.shop, owner), "/api/v1/payout-schedule/"
    read = client.get(endpoint)
    assert read.json()["data"]["weekday"] == 4
    body = {"rhythm": "monthly", "month_day": 1}
    changed = client.put(endpoint, body, format="json", HTTP_IF_MATCH=read["ETag"])
    assert (changed.status_code, changed.json()["data"]["next_on"][-2:]) == (200, "01")
    assert client.put(endpoint, body | {"month_day": 2}, format="json", HTTP_IF_MATCH=read["ETag"]).status_code == 412
    assert client.put(endpoint, {"rhythm": "weekly"}, format="json").status_code == 400
    accountant = page_client(own.shop, member(own.shop, role=Role.ACCOUNTANT))
    assert "An owner of the shop can change this" in accountant.get(address).content.decode()
    assert accountant.post(address, sent).status_code == 403


def test_operators_set_it_with_a_reason(own: Staffed) -> None:
    console, slug = Client(HTTP_HOST=settings.BASE_DOMAIN), own.shop.slug
    console.force_login(make_operator())
    sent = {"rhythm": "monthly", "weekday": "", "month_day": "28", "minimum": "", "reason": "Asked for by phone."}
    assert console.post(f"/operator/shops/{slug}/payout-days/", sent | {"reason": ""}).status_code == 422
    assert console.post(f"/operator/shops/{slug}/payout-days/", sent).status_code == 302
    assert schedule_of(shop_id=own.shop.pk) == Schedule(Rhythm.MONTHLY, None, 28)
    endpoint = f"/api/v1/operator/shops/{slug}/payout-schedule/"
    assert console.get(endpoint).json()["data"]["month_day"] == 28
    body = {"rhythm": "daily", "reason": "Asked for by phone."}
    assert console.put(endpoint, body, content_type="application/json").json()["data"]["rhythm"] == "daily"
    assert AuditEntry.objects.filter(action="shop.payout_schedule_changed").count() == 2
