"""Drafts, rules that are on, their ends; and what the database itself refuses."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from kit.errors import DomainError
from kit.ids import uuid7
from notifications.models import Email, Notification
from payouts.audit.commission import find_uncompiled
from payouts.commission import find_ruleset
from payouts.commission.announcements import announce_rule, record_notified
from payouts.commission.changing import change_rule, end_rule, switch_rule_on
from payouts.commission.plans import add_plan, put_on_plan
from payouts.commission.selectors import list_rules, rule_version, status_of
from payouts.errors import CommissionTieError
from payouts.models import AnnouncedRule, CommissionRule, CommissionRuleset, CommissionTrial, RuleStatus
from tenants.shops.market_terms import commission_version
from tenants.shops.selectors import shop_facts
from tests.world.clock import NOW
from tests.world.commission import rule_draft, rule_on
from tests.world.own_shop import member
from tests.world.shops import make_shop

pytestmark = pytest.mark.django_db
OTHER = "0199b4a2-11aa-7b21-8d52-6e1f7a3c9b04"
DAY = timedelta(days=1)
FAR = NOW.replace(year=9999)


def in_force() -> list[str]:
    """Return the names of the rules that purchases read."""
    return [rule.name for rule in find_ruleset(None).rules]


def test_a_rule_counts_once_it_is_on_and_the_version_comes_with_the_facts_of_shops() -> None:
    shop = make_shop("cloth-hall")
    rule = rule_draft()
    assert (in_force(), commission_version(), CommissionRuleset.objects.count()) == ([], 0, 0)
    assert shop_facts([shop.pk])[shop.pk].commission_version == 0

    switch_rule_on(rule_id=rule.pk, actor_id=None, now=NOW)

    assert in_force() == ["Fabrics"]
    version = commission_version()
    assert CommissionRuleset.objects.get().version == version > 0
    assert shop_facts([shop.pk])[shop.pk].commission_version == version
    assert find_uncompiled((), ()).total == 0
    end_rule(rule_id=rule.pk, now=NOW + DAY)
    assert commission_version() > version
    later = end_rule(rule_id=rule_on("Later", now=NOW + 2 * DAY).pk, now=NOW + 3 * DAY)
    assert (in_force(), find_uncompiled((), ()).total) == (["Later"], 0), "ended an hour ago or longer: left out"
    assert status_of(later, now=NOW + 3 * DAY) is RuleStatus.ENDED


def test_a_tie_is_refused_and_a_rule_may_take_the_place_of_another() -> None:
    first = rule_on()
    second = rule_draft(name="Fabrics, dearer", starts_at=NOW + DAY)
    with pytest.raises(CommissionTieError) as refusal:
        switch_rule_on(rule_id=second.pk, actor_id=None, now=NOW)
    assert refusal.value.details == {"rule": str(first.pk)}
    assert CommissionRule.objects.get(pk=second.pk).switched_on_at is None

    rule, ended = switch_rule_on(rule_id=second.pk, actor_id=None, now=NOW, replaces=True)

    assert [each.pk for each in ended] == [first.pk]
    first.refresh_from_db()
    assert first.ends_at == rule.starts_at == NOW + DAY
    moments = {NOW: "Fabrics", NOW + DAY: "Fabrics, dearer"}
    for moment, name in moments.items():
        assert [each.name for each in find_ruleset(None).rules if each.holds(moment)] == [name]
    assert [each.name for each in list_rules(now=NOW, status="planned")] == ["Fabrics, dearer"]
    assert [each.name for each in list_rules(now=NOW, status="on")] == ["Fabrics"]
    rule_on(currency="NGN", fixed_minor=50)  # another currency, another category: no tie
    rule_on(category_id=7)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"fixed_minor": 5}, "currency"),
        ({"currency": "NGN", "floor_minor": 9, "cap_minor": 8}, "cap_minor"),
        ({"product_id": uuid7()}, "slug"),
        ({"category_id": 1, "product_id": uuid7(), "shop_id": 1}, "category_id"),
        ({"plan_id": uuid7()}, "plan_id"),
        ({"percent_bps": 10_001}, "percent_bps"),
        ({"currency": "NGN", "cap_minor": -1}, "cap_minor"),
        ({"starts_at": NOW, "ends_at": NOW}, "ends_at"),
        ({"starts_at": NOW.replace(year=1999)}, "starts_at"),
        ({"ends_at": FAR}, "ends_at"),
        ({"name": "–"}, "name"),
    ],
)
def test_a_draft_that_makes_no_sense_is_refused_by_field(values: dict[str, Any], field: str) -> None:
    with pytest.raises(DomainError) as refusal:
        rule_draft(**values)
    assert field in refusal.value.details
    assert not CommissionRule.objects.exists()


def test_changes_need_the_version_that_was_seen_and_a_rule_draft() -> None:
    rule = rule_draft()
    seen = {rule_version(rule)}
    _, changed = change_rule(rule_id=rule.pk, revise=lambda was: replace(was, percent_bps=5), now=NOW, seen=seen)
    assert (changed.version, changed.percent_bps) == (2, 5)
    codes = []
    switched = rule_on(name="Other", category_id=3)
    over = end_rule(rule_id=rule_on(name="Over", category_id=4).pk, now=NOW)
    for act in (
        lambda: change_rule(rule_id=rule.pk, revise=lambda was: was, now=NOW, seen=seen),
        lambda: switch_rule_on(rule_id=rule.pk, actor_id=None, now=NOW, seen=seen),
        lambda: change_rule(rule_id=switched.pk, revise=lambda was: was, now=NOW),
        lambda: switch_rule_on(rule_id=switched.pk, actor_id=None, now=NOW),
        lambda: end_rule(rule_id=rule.pk, now=NOW),
        lambda: end_rule(rule_id=over.pk, now=NOW),
        lambda: end_rule(rule_id=switched.pk, now=NOW, ends_at=NOW - DAY),
        lambda: end_rule(rule_id=switched.pk, now=NOW, ends_at=FAR),
        lambda: end_rule(rule_id=uuid7(), now=NOW),
        lambda: switch_rule_on(rule_id=rule_draft(ends_at=NOW).pk, actor_id=None, now=NOW),
    ):
        with pytest.raises(DomainError) as refusal:
            act()
        codes.append(refusal.value.code)
    assert codes == [
        *("version_mismatch", "version_mismatch", "rule_is_on", "rule_is_on", "rule_not_on", "rule_not_on"),
        *("invalid", "invalid", "not_found", "invalid"),
    ]


def test_rules_of_a_plan_are_for_the_shops_on_it() -> None:
    shop, other = make_shop("cloth-hall"), make_shop("pot-house")
    plus = add_plan(name="Plus", now=NOW)
    put_on_plan(shop_id=shop.pk, plan_id=plus.pk, actor_id=None, now=NOW)
    rule_on(plan_id=plus.pk)
    assert find_ruleset(None).plans == {shop.pk: str(plus.pk)}
    put_on_plan(shop_id=other.pk, plan_id=plus.pk, actor_id=None, now=NOW)
    put_on_plan(shop_id=shop.pk, plan_id=None, actor_id=None, now=NOW)
    assert find_ruleset(None).plans == {other.pk: str(plus.pk)}
    assert find_uncompiled((), ()).total == 0
    for act in (
        lambda: add_plan(name=" Plus", now=NOW),
        lambda: put_on_plan(shop_id=shop.pk, plan_id=uuid7(), actor_id=None, now=NOW),
    ):
        with pytest.raises(DomainError):
            act()


def test_owners_are_told_of_each_change_of_their_plan() -> None:
    shop, plus = make_shop("cloth-hall"), add_plan(name="Plus", now=NOW)
    owner = member(shop)
    for moment, plan_id in ((NOW, plus.pk), (NOW + DAY, plus.pk), (NOW + 2 * DAY, None), (NOW + 3 * DAY, plus.pk)):
        put_on_plan(shop_id=shop.pk, plan_id=plan_id, actor_id=None, now=moment)
    on, off = "Cloth-Hall is on the plan Plus now", "Cloth-Hall is no longer on the plan Plus"
    told = Notification.objects.filter(user=owner, kind="shop.commission").order_by("created_at")
    assert list(told.values_list("title", flat=True)) == [on, off, on]
    assert Email.objects.filter(to=owner.email).count() == 3


A_TRIAL = {"rule_version": 1, "since_at": NOW, "until_at": NOW + DAY, "order_count": 1, "created_at": NOW}


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ("percent_bps = 10001", "commission_rule_at_most_all"),
        ("fixed_minor = -1, currency = 'NGN'", "commission_rule_not_negative"),
        ("fixed_minor = 1, currency = ''", "commission_rule_money_has_currency"),
        ("floor_minor = 2, cap_minor = 1, currency = 'NGN'", "commission_rule_floor_within_cap"),
        ("product_id = gen_random_uuid()", "commission_rule_product_of_shop"),
        ("category_id = 1, product_id = gen_random_uuid(), shop_id = {shop}", "commission_rule_one_kind"),
        ("shop_id = {shop}, plan_id = '{plan}'", "commission_rule_one_seller"),
        ("starts_at = now(), ends_at = now() - interval '1 day'", "commission_rule_ends_after_start"),
        ("starts_at = now() - interval '1 day', switched_on_at = now()", "commission_rule_starts_once_on"),
        ("starts_at = '{now}', switched_on_at = '{now}'", "commission_rule_no_ties"),
    ],
)
def test_the_database_refuses_rules_that_make_no_sense(change: str, constraint: str) -> None:
    rule_on()
    rule, plan, shop = rule_draft(), add_plan(name="Plus", now=NOW), make_shop("cloth-hall")
    change = change.format(shop=shop.pk, plan=plan.pk, now=NOW.isoformat())
    with pytest.raises(DatabaseError, match=constraint), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE payouts_commissionrule SET {change} WHERE id = %s", [rule.pk])


def test_the_database_keeps_what_is_on_and_one_row_of_each_kind() -> None:
    rule = rule_on()
    trial = CommissionTrial.objects.create(rule=rule, **A_TRIAL)
    announce_rule(rule=rule, now=NOW)
    record_notified([(AnnouncedRule.objects.get().pk, make_shop("cloth-hall").pk)], now=NOW)
    announcement = "INSERT INTO payouts_commissionannouncement (id, is_open, last_shop_id, created_at)"
    again = "INSERT INTO payouts_announcedrule (announcement_id, rule_id, is_end) SELECT announcement_id, rule_id"
    changes = {
        f"{announcement} VALUES (gen_random_uuid(), true, 0, now())": "commission_announcement_one_open",
        "UPDATE payouts_commissionannouncement SET last_shop_id = 1": "commission_announcement_open_untold",
        f"{again}, true FROM payouts_announcedrule, generate_series(1, 2)": "announced_rule_once",
        f"{announcement} VALUES ('{OTHER}', false, 0, now()); INSERT INTO payouts_announcedrule"
        f" (announcement_id, rule_id, is_end) SELECT '{OTHER}', rule_id, false FROM payouts_announcedrule": (
            "announced_rule_begins_once"
        ),
        "INSERT INTO payouts_toldshop (announced_id, shop_id, told_at)"
        " SELECT announced_id, shop_id, told_at FROM payouts_toldshop": "shop_told_once",
        "UPDATE payouts_commissionrule SET percent_bps = 1": "commission_rule_is_final",
        "UPDATE payouts_commissionrule SET switched_on_at = NULL": "commission_rule_is_final",
        "DELETE FROM payouts_commissiontrial; DELETE FROM payouts_commissionrule": "commission_rule_is_final",
        "UPDATE payouts_commissionruleset SET id = 2": "commission_ruleset_is_one",
        "UPDATE tenants_marketterms SET id = 2": "market_terms_are_one",
        "UPDATE payouts_commissiontrial SET done_count = 2": "commission_trial_done_within_all",
        "UPDATE payouts_commissiontrial SET until_at = since_at": "commission_trial_of_some_time",
        "INSERT INTO payouts_commissionplan (id, name, created_at) SELECT gen_random_uuid(), 'A', now()"
        " FROM generate_series(1, 2)": "commission_plan_named_once",
    }
    for statement, constraint in changes.items():
        with pytest.raises(DatabaseError) as refusal, transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
        diagnosis = getattr(refusal.value.__cause__, "diag", None)
        assert constraint == getattr(diagnosis, "constraint_name", None), statement
    assert CommissionTrial.objects.filter(pk=trial.pk).exists()
