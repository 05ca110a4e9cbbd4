"""A shop reads when its money comes, what holds it, what is kept, and what it owes; over pages and the API."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import LazySettings
from django.utils import timezone

from checkout.orders.shop_orders import get_sub_order
from checkout.releasing.schedule import earned
from kit.money import format_minor
from payouts.release.holds import hold_by_hand
from payouts.release.round import run_round
from payouts.release.schedules import schedule_release
from payouts.release.terms import OwnTerms, change_terms
from payouts.runs.create import create_runs
from payouts.selectors import shop_balances
from tenants.models import Role
from tests.world.books import make_operator
from tests.world.own_shop import Staffed, api, member, page_client, paid_order, staffed
from tests.world.payouts import add_account
from tests.world.releases import take_back
from vendors.selectors.movements import movements

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def mine() -> Staffed:
    """A shop with four orders: released with a reserve, waiting, held by hand, and one that it gave back since."""
    found, now = staffed("indigo"), timezone.now()
    operator = make_operator()
    change_terms(
        shop_id=found.shop.pk, terms=OwnTerms(reserve_bps=1_000, reserve_days=30), actor_id=operator.pk, now=now
    )
    waiting, held = (earned(get_sub_order(shop_id=found.shop.pk, number=paid_order(found.stocked))) for _ in range(2))
    released = earned(get_sub_order(shop_id=found.shop.pk, number=found.number))
    schedule_release(part=released, delivered_at=now - DAY, hold_days=0)
    schedule_release(part=waiting, delivered_at=now - DAY, hold_days=9)
    schedule_release(part=held, delivered_at=now - DAY, hold_days=0)
    hold_by_hand(part=held, note="We look into the sender", actor_id=operator.pk, now=now)
    run_round(now=now)
    return found


def test_the_pages_say_when_each_comes_and_why_not(mine: Staffed) -> None:
    client = page_client(mine.shop, member(mine.shop, Role.ACCOUNTANT))
    balance = client.get("/dashboard/balance/").text
    for said in (
        "When pending money is released",
        "Reserved",
        "10 % of what is released is kept",
        "We look into the sender",
    ):
        assert said in balance
    assert "You owe" not in balance
    everything = client.get("/dashboard/balance/releases/").text
    assert mine.number in everything
    assert "Once the hold is over" in everything
    only_held = client.get("/dashboard/balance/releases/?state=held").text
    assert mine.number not in only_held
    assert "The market holds it: We look into the sender" in only_held
    assert "No orders in this state" not in client.get("/dashboard/balance/releases/?state=waiting").text
    owner = page_client(mine.shop, member(mine.shop))
    assert "Available since" in owner.get(f"/dashboard/orders/{mine.number}/").text


def test_the_balance_says_what_the_next_payout_is_or_waits_for(mine: Staffed, settings: LazySettings) -> None:
    accountant = page_client(mine.shop, member(mine.shop, Role.ACCOUNTANT))
    available = shop_balances(shop_id=mine.shop.pk).available_minor

    def said() -> str:
        return accountant.get("/dashboard/balance/").text

    assert "Until an owner adds a bank account in your currency" in said()
    add_account(mine.shop, usable_from=timezone.now() + DAY)
    assert "because your bank account was changed" in said()
    add_account(mine.shop)
    page = said()
    assert "With the next run, to Guaranty Trust Bank" in page
    assert f'<span class="stat-value">{format_minor(available, "NGN")}</span><span class="stat-hint">With' in page
    settings.PAYOUT_MINIMUM_MINOR = available + 1
    assert f"Until {format_minor(available + 1, 'NGN')} is left after what you owe" in said()
    settings.PAYOUT_MINIMUM_MINOR = 1
    create_runs(now=timezone.now())
    assert "What was available is on its way to your bank" in said()


def test_money_that_moves_is_not_explained_by_the_whole_sale(mine: Staffed) -> None:
    """Hold rows to figures that lead to their last one: of a release, some of the sale may be taken back by then."""
    page = movements(shop_id=mine.shop.pk, before_id=None, size=50)
    figures = {each.row.entry.journal_kind: each.is_priced for each in page.movements}
    assert figures == {"sale": True, "release": False}
    for each in page.movements:
        if each.is_priced:
            row = each.row
            assert (row.total_minor or 0) - (row.commission_minor or 0) + row.tax_change_minor == each.amount_minor


def test_the_order_says_the_day_to_those_who_see_the_balance(mine: Staffed) -> None:
    owner = member(mine.shop)
    [waiting] = api(mine.shop, owner).get("/api/v1/balance/releases/?state=waiting").json()["data"]["results"]
    address = f"/dashboard/orders/{waiting['order_number']}/"
    assert "Will be available on" in page_client(mine.shop, owner).get(address).text
    assert "Will be available on" not in page_client(mine.shop, member(mine.shop, Role.FULFILMENT)).get(address).text


def test_the_api_says_the_same(mine: Staffed) -> None:
    client = api(mine.shop, member(mine.shop))
    balance = client.get("/api/v1/balance/").json()["data"]
    kept = balance["reserved_minor"]
    assert kept == (balance["available_minor"] + kept) // 10
    assert (balance["in_transit_minor"], balance["receivable_minor"], balance["held"]["orders"]) == (0, 0, 1)
    [day] = balance["next_releases"]
    assert day["orders"] == 1
    assert balance["pending_minor"] == day["amount_minor"] + balance["held"]["amount_minor"]
    assert balance["total_minor"] == balance["pending_minor"] + balance["available_minor"] + kept
    first = client.get("/api/v1/balance/releases/?page_size=2").json()["data"]
    rest = client.get(first["next"]).json()["data"]
    states = [each["state"] for each in (*first["results"], *rest["results"])]
    assert sorted(states) == ["held", "released", "waiting"]
    [held] = client.get("/api/v1/balance/releases/?state=held").json()["data"]["results"]
    assert [(hold["reason"], hold["note"]) for hold in held["holds"]] == [("operator", "We look into the sender")]
    assert client.get("/api/v1/balance/releases/?state=mood").status_code == 400


def test_a_debt_is_shown_and_other_shops_are_not(mine: Staffed) -> None:
    other = staffed("copper")
    part = earned(get_sub_order(shop_id=mine.shop.pk, number=mine.number))
    owner = member(mine.shop)
    client = api(mine.shop, owner)
    has = client.get("/api/v1/balance/").json()["data"]
    take_back(part, has["available_minor"] + has["reserved_minor"] + 700)
    balance = client.get("/api/v1/balance/").json()["data"]
    assert (balance["available_minor"], balance["reserved_minor"], balance["receivable_minor"]) == (0, 0, 700)
    assert "You owe" in page_client(mine.shop, owner).get("/dashboard/balance/").text
    theirs = page_client(other.shop, member(other.shop))
    assert mine.number not in theirs.get("/dashboard/balance/releases/").text
    assert "No delivered orders yet" in theirs.get("/dashboard/balance/releases/").text
