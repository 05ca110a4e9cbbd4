"""Rules that are switched on while people buy: an order has the old rules whole or the new ones; no change is lost."""

from __future__ import annotations

import time
from datetime import timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import connections, transaction

from checkout.commission.announcing import announce_rules
from checkout.models import SubOrder
from checkout.placing import place_order
from payouts.audit.commission import find_uncompiled
from payouts.commission import announcements, changing, compiling, find_ruleset, memory
from payouts.commission.changing import switch_rule_on
from payouts.models import CommissionRuleset, ToldShop
from tests.world.clock import NOW
from tests.world.commission import announced, rule_draft, rule_on
from tests.world.market import Stocked, buy, open_shop, stock
from tests.world.races import all_at_once, is_somebody_waiting

BUYERS = 12


@pytest.fixture
def pair(live_database: str) -> tuple[Stocked, Stocked]:
    return stock(open_shop("cloth-hall"), on_hand=100), stock(open_shop("pot-house"), sku="POT-1", on_hand=100)


def test_each_order_has_the_old_rules_or_the_new_ones_in_all_its_parts(pair: tuple[Stocked, Stocked]) -> None:
    first, second = pair
    old = rule_on("Old", percent_bps=1_000)
    drafted = rule_draft("New", percent_bps=2_000)

    def act(number: int) -> str:
        if number == BUYERS // 2:
            switch_rule_on(rule_id=drafted.pk, actor_id=None, now=NOW, replaces=True)
            return "switched"
        order = buy(first.line(), second.line())
        parts = SubOrder.objects.filter(order_id=order.pk)
        return "+".join(str(part.commission_bps) for part in parts)

    outcomes = all_at_once(act, BUYERS)

    assert outcomes.pop("switched") == 1
    assert outcomes.keys() <= {"1000+1000", "2000+2000"}
    assert sum(outcomes.values()) == BUYERS - 1
    assert act(0) == "2000+2000"
    for part in SubOrder.objects.all():
        [line] = part.commission["lines"]
        assert part.commission_minor == line["amount_minor"] == part.items_minor * part.commission_bps // 10_000
        assert line["rule"] in {str(old.pk), str(drafted.pk)}


def test_an_order_whose_facts_were_read_before_keeps_the_old_rules_that_its_process_knows(
    pair: tuple[Stocked, Stocked], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: an order that looked the rules up for each part would have both."""
    first, second = pair
    rule_on("Old", percent_bps=1_000)
    buy(first.line())  # the process knows the old rules
    drafted = rule_draft("New", percent_bps=2_000)
    switched: list[bool] = []

    def late(version: int | None) -> Any:
        if not switched:
            switched.append(True)
            act = lambda _: bool(switch_rule_on(rule_id=drafted.pk, actor_id=None, now=NOW, replaces=True))  # noqa: E731
            all_at_once(act, 1)
        return find_ruleset(version)

    monkeypatch.setattr(place_order, "find_ruleset", late)
    rates = {part.commission_bps for part in buy(first.line(), second.line()).sub_orders.all()}
    assert rates == {1_000}
    switched.clear()
    memory.forget_all()
    third = rule_draft("Third", percent_bps=3_000)
    drafted = third
    rates = {part.commission_bps for part in buy(first.line(), second.line()).sub_orders.all()}
    assert rates == {3_000}, "a process that does not know the version any more has the newer one, in all parts"


@pytest.mark.parametrize("is_locked", [True, False], ids=["locked", "the control, without the lock"])
def test_two_rules_switched_on_at_once_are_both_compiled(
    live_database: str, monkeypatch: pytest.MonkeyPatch, *, is_locked: bool
) -> None:
    rules = [rule_draft("Bags", category_id=1), rule_draft("Shoes", category_id=2)]
    CommissionRuleset.objects.create(pk=1)
    if not is_locked:
        monkeypatch.setattr(changing, "lock_ruleset", lambda: CommissionRuleset.objects.get(pk=1))
        together, compiled = Barrier(2), compiling.compile_rules

        def compile_together(**asked: Any) -> Any:
            found = compiled(**asked)
            together.wait(timeout=60)  # both have read the rules; neither has committed its own
            return found

        monkeypatch.setattr(compiling, "compile_rules", compile_together)

    def act(number: int) -> int:
        return len(switch_rule_on(rule_id=rules[number].pk, actor_id=None, now=NOW))

    assert all_at_once(act, 2) == {2: 2}
    names = sorted(rule.name for rule in find_ruleset(None).rules)
    assert (names == ["Bags", "Shoes"]) is is_locked
    monkeypatch.undo()
    assert bool(find_uncompiled((), ()).total) is not is_locked


@pytest.mark.parametrize("is_locked", [True, False], ids=["locked", "the control, without the lock"])
def test_a_rule_that_is_published_while_shops_are_told_of_others_is_told_too(
    live_database: str, monkeypatch: pytest.MonkeyPatch, *, is_locked: bool
) -> None:
    open_shop("cloth-hall")
    announced("First", percent_bps=900)
    if not is_locked:
        monkeypatch.setattr(announcements, "lock_ruleset", lambda: None)
    find_open, later = announcements._open_announcement, NOW + timedelta(minutes=11)

    def tell() -> None:
        try:
            announce_rules(now=later)
        finally:
            connections.close_all()

    worker = Thread(target=tell)

    def found_too_early(**asked: Any) -> Any:
        found = find_open(**asked)
        worker.start()
        ends_at = time.monotonic() + 60
        while worker.is_alive() and not is_somebody_waiting() and time.monotonic() < ends_at:
            time.sleep(0.02)
        return found

    rule = rule_on("Second", percent_bps=800, currency="NGN", starts_at=NOW + timedelta(days=1))
    with monkeypatch.context() as patched, transaction.atomic():
        patched.setattr(announcements, "_open_announcement", found_too_early)
        announcements.announce_rule(rule=rule, now=NOW)
    worker.join(timeout=60)
    announce_rules(now=later + timedelta(minutes=11))

    told = ToldShop.objects.values_list("announced__rule__name", flat=True)
    assert sorted(told) == (["First", "Second"] if is_locked else ["First"])
