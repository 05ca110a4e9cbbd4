"""Delivered parts are scheduled by whoever's word, and held while a return or a refund of them is open."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from catalogue.discovery.models import Category, Listing
from checkout.fulfilling.deliver_by_timer import deliver_overdue
from checkout.fulfilling.deliver_parcels import deliver_parcel, deliver_part
from checkout.fulfilling.receive_parts import receive_parts
from checkout.fulfilling.send_parcel import send_parcel
from checkout.fulfilling.undo_step import undo_step
from checkout.fulfilment.services import Parcel
from checkout.fulfilment.status import PartStatus
from checkout.models import Refund, Return, ReversedBy, SubOrder
from checkout.moves.move import Side
from checkout.refunds.requests import settle_refund
from checkout.releasing.repair import repair_releases
from checkout.returning.ask_return import ReturnRequest, ask_return
from checkout.returning.decide_return import move_return
from checkout.returning.moves import Move
from checkout.returning.receive_return import Receipt, receive_return
from checkout.reversals.cancel_units import Cancellation, cancel_units
from checkout.reversals.refund_part import PartRefund, refund_part
from checkout.reversals.reverse import Actor
from gateway.port import RefundReport, RefundState
from payouts.audit.run import run_audit
from payouts.models import Journal, ReleaseHold, ReleaseSchedule
from payouts.release.round import run_round
from payouts.selectors import shop_balances
from tests.world.clock import NOW
from tests.world.factories.catalogue import make_categories
from tests.world.ledger import run
from tests.world.market import Stocked
from tests.world.own_shop import member

pytestmark = pytest.mark.django_db
SHOP, BUYER, MARKET = Actor(ReversedBy.SHOP), Actor(ReversedBy.BUYER), Actor(ReversedBy.OPERATOR)
DAY = timedelta(days=1)
NEW_SHOP = 14


def held() -> list[str]:
    schedule = ReleaseSchedule.objects.get()
    holds = ReleaseHold.objects.filter(closed_at=None).order_by("pk").values_list("reason", flat=True)
    assert schedule.open_holds == len(holds)
    return list(holds)


def findings(now: datetime = NOW) -> list[Any]:
    return [finding for result in run_audit(with_provider=False, now=now).results for finding in result.findings]


def give_back(refund: Refund) -> None:
    """Have the provider give a refund back."""
    report = RefundReport(refund.key, "4711", refund.amount_minor, refund.currency, RefundState.PROCESSED)
    settle_refund(payment_id=refund.payment_id, report=report, now=NOW)


@pytest.mark.parametrize("by", ["shop", "operator", "buyer", "timer"])
def test_a_delivery_is_scheduled_by_whoevers_word(sent_part: SubOrder, by: str) -> None:
    part, at = sent_part, NOW
    if by == "buyer":
        receive_parts(order_id=part.order_id, now=NOW)
    elif by == "timer":
        at = NOW + 60 * DAY
        assert deliver_overdue(now=at) == 1
    else:
        deliver_part(shop=part.shop, number=part.number, by=Side(by), now=NOW)
    schedule = ReleaseSchedule.objects.get()
    assert (schedule.pk, schedule.number, schedule.delivered_at) == (part.pk, part.number, at)
    due_at = at + NEW_SHOP * DAY
    assert run_round(now=due_at - timedelta(seconds=1)).released == 0
    assert run_round(now=due_at).released == 1
    balances = shop_balances(shop_id=part.shop_id)
    assert (balances.pending_minor, balances.available_minor) == (0, part.payable_minor)
    assert findings() == []


def test_what_arrived_is_scheduled_when_the_rest_of_its_part_is_cancelled(sent_part: SubOrder, item: Stocked) -> None:
    shop, number, rest = sent_part.shop, sent_part.number, {item.variant_id: 1}
    undo_step(shop=shop, number=number, step=PartStatus.SHIPPED, actor_id=member(shop).pk, now=NOW)
    send_parcel(shop=shop, number=number, parcel=Parcel(), lines={item.variant_id: 2}, now=NOW)
    deliver_parcel(shop=shop, number=number, parcel=2, now=NOW)
    assert not ReleaseSchedule.objects.exists(), "a unit is still to be sent"
    cancel_units(Cancellation(sent_part.order_id, {sent_part.pk: rest}, SHOP), now=NOW + DAY)
    assert SubOrder.objects.get().status == PartStatus.DELIVERED
    assert findings() == []
    schedule = ReleaseSchedule.objects.get()
    due = NOW + (1 + NEW_SHOP) * DAY
    assert (schedule.delivered_at, schedule.due_at) == (NOW + DAY, due)
    assert run_round(now=due).released == 0, "the refund of what was cancelled is under way"
    give_back(Refund.objects.get())
    assert run_round(now=due).released == 1
    assert shop_balances(shop_id=shop.pk).available_minor == SubOrder.objects.get().payable_minor
    assert findings() == []


def test_days_are_the_longest_of_its_categories_and_frozen_with_the_delivery(
    sent_part: SubOrder, item: Stocked, settings: Any
) -> None:
    bags = Category.objects.get(pk=max(make_categories().values()))
    Listing.objects.filter(pk=item.product_id).update(category=bags)
    settings.PAYOUT_HOLD_DAYS_BY_CATEGORY = {bags.slug: 45}
    deliver_part(shop=sent_part.shop, number=sent_part.number, now=NOW)
    settings.PAYOUT_HOLD_DAYS_BY_CATEGORY = {bags.slug: 1}
    repair_releases(now=NOW)
    schedule = ReleaseSchedule.objects.get()
    assert (schedule.hold_days, schedule.due_at) == (45, NOW + 45 * DAY)


@pytest.mark.parametrize(
    ("moves", "holds_now", "holds_later"),
    [
        ([], ["return"], ["return"]),
        ([(Move.ASK, SHOP)], ["return"], ["return"]),
        ([(Move.CANCEL, BUYER)], [], []),
        ([(Move.ACCEPT, SHOP)], ["return"], []),
        ([(Move.REFUSE, SHOP)], ["return"], []),
        ([(Move.REFUSE, SHOP), (Move.ESCALATE, BUYER)], ["return"], ["return"]),
        ([(Move.REFUSE, SHOP), (Move.ESCALATE, BUYER), (Move.REFUSE, MARKET)], [], []),
    ],
)
def test_a_return_holds_while_it_waits_for_an_answer(
    part: SubOrder,
    item: Stocked,
    moves: Sequence[tuple[Move, Actor]],
    holds_now: list[str],
    holds_later: list[str],
) -> None:
    found = ask_return(ReturnRequest(part, {item.variant_id: 1}, "Torn"), now=NOW)
    for move, by in moves:
        move_return(return_id=found.pk, move=move, by=by, now=NOW)
    assert held() == holds_now
    assert findings() == []
    late = NOW + 31 * DAY
    assert run_round(now=late, repairs=True).released == (0 if holds_later else 1)
    assert held() == holds_later
    assert findings(late) == []


def test_a_lapsed_return_that_is_escalated_holds_again(part: SubOrder, item: Stocked) -> None:
    found = ask_return(ReturnRequest(part, {item.variant_id: 1}, "Torn"), now=NOW)
    move_return(return_id=found.pk, move=Move.REFUSE, by=SHOP, now=NOW)
    assert run_round(now=NOW + 6 * DAY).lapsed == 1
    move_return(return_id=found.pk, move=Move.ESCALATE, by=BUYER, now=NOW + 6 * DAY)
    assert held() == ["return"]
    assert run_round(now=NOW + 60 * DAY).released == 0


def test_a_received_return_is_held_by_its_refund_until_the_provider_has_paid(part: SubOrder, item: Stocked) -> None:
    found = ask_return(ReturnRequest(part, {item.variant_id: 1}, "Torn"), now=NOW)
    move_return(return_id=found.pk, move=Move.ACCEPT, by=SHOP, now=NOW)
    receive_return(Receipt(found.pk, SHOP), now=NOW)
    assert held() == ["refund"]
    assert run_round(now=NOW + 60 * DAY).released == 0
    give_back(Refund.objects.get())
    assert held() == []
    assert run_round(now=NOW + 60 * DAY).released == 1
    assert shop_balances(shop_id=part.shop_id).available_minor == SubOrder.objects.get().payable_minor
    assert findings() == []


def test_a_refund_before_the_delivery_holds_after_it(sent_part: SubOrder) -> None:
    refund_part(PartRefund(sent_part, MARKET, "It was late", goodwill_minor=1_000), now=NOW)
    deliver_part(shop=sent_part.shop, number=sent_part.number, now=NOW)
    assert held() == ["refund"]
    assert ReleaseSchedule.objects.get().due_at == NOW + NEW_SHOP * DAY


def test_what_was_missed_is_repaired_and_the_audit_says_so(part: SubOrder, item: Stocked) -> None:
    asked = ask_return(ReturnRequest(part, {item.variant_id: 1}, "Torn"), now=NOW)
    refund_part(PartRefund(SubOrder.objects.get(), MARKET, "Late", goodwill_minor=1_000), now=NOW)
    before = ReleaseSchedule.objects.values().get()
    run("DELETE FROM payouts_releasehold"), run("DELETE FROM payouts_releaseschedule")
    assert {result.name for result in run_audit(with_provider=False, now=NOW).results if result.findings} == {
        "releases_scheduled",
        "releases_held",
    }
    assert [repair_releases(now=NOW + DAY) for _ in range(2)] == [3, 0]
    assert ReleaseSchedule.objects.values().get() == before
    assert (held(), findings()) == (["return", "refund"], [])

    Return.objects.filter(pk=asked.pk).update(status="cancelled")
    Refund.objects.update(status="processed")
    assert repair_releases(now=NOW) == 2
    assert held() == []


def test_the_command_repairs_and_releases_as_of_a_moment(part: SubOrder) -> None:
    run("DELETE FROM payouts_releaseschedule")

    def call(*arguments: str) -> str:
        out = io.StringIO()
        call_command("payouts", *arguments, stdout=out)
        return out.getvalue()

    early = (NOW + NEW_SHOP * DAY - timedelta(minutes=1)).isoformat()
    assert "1 schedules and holds repaired" in call("release", "--as-of", early)
    assert "1 orders wait for their days" not in call("status"), "today they are due: the clock of the tests is old"
    with pytest.raises(CommandError, match=r"--as-of is in the future.* Nothing was released\. Leave --as-of out"):
        call("release", "--as-of", (timezone.now() + DAY).isoformat())
    assert not Journal.objects.filter(kind="release").exists()
    began = timezone.now()
    assert "1 orders released" in call("release", "--as-of", (NOW + NEW_SHOP * DAY).isoformat())
    booked = Journal.objects.get(kind="release")
    assert began < booked.posted_at <= timezone.now(), "what was due earlier is booked today, not in days gone by"
    assert "0 orders released" in call("release")
    assert "available" in call("status")
    assert '"available_minor": ' in call("status", "--json")
    with pytest.raises(Exception, match="is no moment"):
        call("release", "--as-of", "tomorrow")
