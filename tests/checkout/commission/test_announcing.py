"""Shops are told of the commission rules that concern them: once, in one letter for what is published together."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import User
from checkout.commission import announcing
from checkout.commission.announcing import announce_rules
from notifications.models import Email, Notification
from payouts.commission.announcements import announce_rule, close_announcement, count_notified
from payouts.commission.changing import end_rule
from payouts.commission.plans import add_plan, put_on_plan
from payouts.models import CommissionAnnouncement, CommissionRule, ToldShop
from tenants.models import Shop, ShopStatus
from tenants.shops.owner_notices import send_to_owners_of_each
from tests.world.commission import announced
from tests.world.factories.catalogue import add_product, make_categories
from tests.world.market import open_shop
from tests.world.own_shop import api, counted, member, page_client

pytestmark = pytest.mark.django_db
SOON, PATH = timedelta(minutes=11), "/dashboard/commission/"


@pytest.fixture
def few() -> list[Shop]:
    """Five shops of the market, each with an owner, which are told two at a time."""
    shops = [open_shop(f"shop-{number}") for number in range(5)]
    for shop in shops:
        member(shop)
    return shops


@pytest.fixture
def two_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(announcing, "SHOPS_AT_ONCE", 2)


def owner(shop: Shop) -> User:
    return User.objects.get(memberships__shop=shop)


def told() -> dict[str, set[str]]:
    """The rules that each shop was told of, by name."""
    found: dict[str, set[str]] = {}
    for slug, name in ToldShop.objects.values_list("shop__slug", "announced__rule__name"):
        found.setdefault(slug, set()).add(name)
    return found


def letters() -> list[str]:
    return sorted(Email.objects.values_list("to", flat=True))


def stop_at_second_batch(monkeypatch: pytest.MonkeyPatch) -> None:
    """Kill the worker in the middle of the second batch."""
    batches: list[int] = []

    def send(*args: Any, **asked: Any) -> None:
        send_to_owners_of_each(*args, **asked)
        batches.append(1)
        if len(batches) == 2:
            raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(announcing, "send_to_owners_of_each", send)
        with pytest.raises(KeyboardInterrupt):
            announce_rules(now=timezone.now() + SOON)


def test_each_shop_gets_one_letter_with_the_rules_that_concern_it_and_others_none() -> None:
    now, categories = timezone.now(), make_categories()
    shops = {slug: open_shop(slug) for slug in ("plain", "plus", "bags", "shut")}
    shops |= {"own": open_shop("own", commission_bps=600), "cedi": open_shop("cedi", currency="GHS")}
    for shop in shops.values():
        member(shop)
    for slug in ("bags", "cedi"):
        add_product(shops[slug], category_id=categories["bags"])
    Shop.objects.filter(pk=shops["shut"].pk).update(status=ShopStatus.CLOSED)
    User.objects.filter(pk=owner(shops["plus"]).pk).update(language="fr")
    plan = add_plan(name="Plus", now=now)
    put_on_plan(shop_id=shops["plus"].pk, plan_id=plan.pk, actor_id=None, now=now)
    assert letters() == [owner(shops["plus"]).email], "of its plan a shop is told at once"
    Email.objects.all().delete(), Notification.objects.all().delete()
    begins = now + timedelta(days=30)
    announced("All", currency="NGN", percent_bps=900, starts_at=begins, now=now)
    announced("Plus", plan_id=plan.pk, percent_bps=700, starts_at=begins, now=now)
    announced("Fashion", category_id=categories["fashion"], percent_bps=500, starts_at=begins, now=now)
    announced("Kitchen", category_id=categories["kitchen"], percent_bps=400, starts_at=begins, now=now)

    assert announce_rules(now=now) == 0, "more rules may join for some minutes"
    assert announce_rules(now=now + SOON) == 1

    assert told() == {"plain": {"All"}, "plus": {"Plus"}, "bags": {"All", "Fashion"}, "cedi": {"Fashion"}}
    assert letters() == sorted(owner(shops[slug]).email for slug in ("plain", "plus", "bags", "cedi"))
    [notice] = Notification.objects.filter(user=owner(shops["bags"]))
    letter = Email.objects.get(to=owner(shops["bags"]).email)
    assert notice.title == letter.subject == "2 commission rules change for Bags"
    assert "the rule “All” applies to new orders. It applies to all shops of the market" in letter.text
    assert "It applies to Fashion. It takes 5 % of the items." in letter.text
    french = Email.objects.get(to=owner(shops["plus"]).email)
    assert french.subject.startswith("La commission de la boutique Plus change le ")
    assert "Toutes les boutiques de la formule Plus" in french.text
    assert f"http://bags.kasuwa.localhost:8000{PATH}" in letter.text
    assert notice.url.endswith(PATH)

    CommissionAnnouncement.objects.update(ended_at=None, last_shop_id=0)
    assert announce_rules(now=now + 2 * SOON) == 1
    assert (len(letters()), Notification.objects.count()) == (4, 4), "a shop that was told is not told again"

    desk = page_client(shops["bags"], owner(shops["bags"]))
    shown = desk.get(PATH).context["found"]
    assert [(each.row.name, each.goods, each.status) for each in shown.rules] == [
        ("Fashion", "Fashion", "planned"),
        ("Kitchen", "Home › Kitchen", "planned"),
        ("All", "All goods", "planned"),
    ]
    assert "Your own rate comes before it." in page_client(shops["own"], owner(shops["own"])).get(PATH).text
    data = api(shops["plus"], owner(shops["plus"])).get("/api/v1/commission/").json()["data"]
    assert (data["commission_bps"], data["has_own_rate"]) == (800, False)
    assert [(each["name"], each["shops"], each["goods"]) for each in data["rules"]] == [
        ("Plus", "plan", "all"),
        ("Fashion", "all", "category"),
        ("Kitchen", "all", "category"),
        ("All", "all", "all"),
    ]


def test_who_is_killed_in_the_middle_goes_on_and_tells_no_shop_twice(
    few: list[Shop], two_at_a_time: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    announced("All", percent_bps=900, now=timezone.now())
    stop_at_second_batch(monkeypatch)
    assert len(letters()) == len(told()) == 2, "a batch is told whole, or not at all"

    assert announce_rules(now=timezone.now() + SOON) == 0, "its lease is not over"
    assert announce_rules(now=timezone.now() + SOON + timedelta(minutes=5)) == 1

    assert letters() == sorted(owner(shop).email for shop in few)
    assert Notification.objects.count() == len(told()) == 5
    assert CommissionAnnouncement.objects.get().ended_at is not None


def test_a_rule_that_is_withdrawn_before_is_told_to_no_shop(few: list[Shop]) -> None:
    now = timezone.now()
    rule = announced("All", percent_bps=900, starts_at=now + timedelta(days=7), now=now)
    withdraw(rule)
    announce_rules(now=now + SOON)
    assert (told(), letters()) == ({}, [])


def test_shops_that_had_read_of_a_rule_are_told_that_it_is_withdrawn(
    few: list[Shop], two_at_a_time: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = timezone.now()
    rule = announced("All", percent_bps=900, starts_at=now + timedelta(days=7), now=now)
    stop_at_second_batch(monkeypatch)
    withdraw(rule)

    for minutes in range(20, 60, 10):
        announce_rules(now=now + timedelta(minutes=minutes))

    assert count_notified(rule_id=rule.pk) == 2
    assert letters() == sorted(2 * [owner(shop).email for shop in few[:2]])
    titles = list(Notification.objects.order_by("pk").values_list("title", flat=True))
    assert titles[2:] == [f"A planned commission rule for Shop {number} is withdrawn" for number in (0, 1)]
    assert CommissionAnnouncement.objects.filter(ended_at__isnull=True).count() == 0


def test_the_end_of_a_rule_is_told_to_shops_that_it_held_for(few: list[Shop]) -> None:
    now = timezone.now()
    rule = announced("All", percent_bps=900, now=now - timedelta(days=7))
    announce_rules(now=now)
    Shop.objects.filter(pk=few[0].pk).update(commission_bps=100)  # agreed since
    end_rule(rule_id=rule.pk, now=now, ends_at=now + timedelta(days=1))
    rule.refresh_from_db()
    announce_rule(rule=rule, now=now, is_end=True)
    announce_rules(now=now + SOON)
    ends = Email.objects.filter(subject__contains=" ends on ").values_list("to", flat=True)
    assert sorted(ends) == sorted(owner(shop).email for shop in few[1:])


def test_as_many_statements_for_one_shop_as_for_three(few: list[Shop], monkeypatch: pytest.MonkeyPatch) -> None:
    now = timezone.now()
    add_product(few[0], category_id=make_categories()["bags"])
    announced("All", percent_bps=900, now=now)
    announced("Fashion", category_id=make_categories()["fashion"], percent_bps=500, now=now)
    announcement, counts = CommissionAnnouncement.objects.get(), []
    close_announcement(announcement=announcement)
    for at_once in (1, 1, 3):  # the first has the categories read
        monkeypatch.setattr(announcing, "SHOPS_AT_ONCE", at_once)
        with counted() as queries:
            assert announcing._tell_next(announcement, now)
        counts.append(len(queries))
    assert len(told()) == 5
    assert counts[1] == counts[2] <= 12, counts


def withdraw(rule: CommissionRule) -> None:
    """End a planned rule before it begins, as operators do."""
    end_rule(rule_id=rule.pk, now=timezone.now())
    rule.refresh_from_db()
    announce_rule(rule=rule, now=timezone.now(), is_end=True)
