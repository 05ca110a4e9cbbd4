"""Refunds whose money a bank has taken with a lost dispute: the table of docs/disputes.md, case by case."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from checkout.disputes.arriving import follow_report
from checkout.models import Order, Payment, Refund, RefundStatus, Return, ReversedBy
from checkout.orders.operations import order_number_of
from checkout.refunds.disputed import MAY_BE_PAID_TWICE
from checkout.refunds.requests import retry_refund, settle_refund, stop_refund
from checkout.refunds.setting_off import set_off_before_sending
from checkout.returning.ask_return import ReturnRequest, ask_return
from checkout.returning.decide_return import move_return
from checkout.returning.moves import Move
from checkout.returning.receive_return import Receipt, receive_return
from checkout.reversals.refund_part import PartRefund, refund_part
from checkout.reversals.reverse import Actor
from console.selectors.queues import stuck_refunds
from gateway.disputes import DisputeReport, DisputeState
from gateway.port import RefundReport, RefundState
from kit.work import outbox
from notifications.models import Email
from payouts.disputes.moving import BEYOND_LEFT, BEYOND_LOST
from payouts.disputes.selectors import set_off_sources
from payouts.models import Dispute, DisputeSetOff, ReleaseHold
from payouts.selectors import shop_balances
from paystack_sandbox.testing import SandboxProcess
from tests.world.books import make_operator
from tests.world.clock import NOW
from tests.world.disputes import deliver_all, findings, paid_for, parts_of
from tests.world.market import Stocked, open_shop, stock
from tests.world.own_shop import api, member, page_client
from tests.world.payments import sums
from tests.world.undoing import undone

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=7)
ALL, DELIVERY = 1_150_000, 150_000
Moves = Sequence[tuple[Any, ...]]
Ends = Sequence[tuple[str, int]]


@dataclass(frozen=True)
class Case:
    """What happens to a payment of ALL, the end of each refund with what the bank has paid of it, and the losses.

    Args:
        costs: what all of it has taken of the part: each unit once, whoever gave it to the buyer.
        lost: what the market bears.
    """

    moves: Moves
    ends: Ends
    costs: int
    lost: int = 0
    notes: str = ""
    problems: Sequence[str] = field(default=("",))


def refund(minor: int = 0, **more: int) -> tuple[Any, ...]:
    return ("refund", {"goodwill_minor": minor} if minor else more)


def said(state: RefundState, refund: int = 0) -> tuple[Any, ...]:
    return ("said", refund, state)


def refused(attempts: int) -> tuple[Any, ...]:
    return ("refused", 0, attempts)


def paid_after_all(minor: int) -> tuple[Any, ...]:
    return ("paid_after_all", 0, minor)


CLAIM, SENT, SECOND = ("claim", "71", ALL), ("sent", 0), ("claim", "72", ALL)
AGAIN = ("again", 0)


def lost(minor: int, number: str = "71") -> tuple[Any, ...]:
    return ("end", number, DisputeState.LOST, minor)


def won(number: str = "71") -> tuple[Any, ...]:
    return ("end", number, DisputeState.WON, ALL)


CASES = {
    "all of it": Case([refund(ALL), CLAIM, lost(ALL)], [("set_off", ALL)], ALL),
    "a part of it: the rest is sent": Case(
        [refund(ALL), CLAIM, lost(400_000), SENT, said(RefundState.PROCESSED)], [("processed", 400_000)], ALL
    ),
    "all of the payment, for a smaller refund": Case([refund(300_000), CLAIM, lost(ALL)], [("set_off", 300_000)], ALL),
    "more than the refund: the shop loses the rest": Case(
        [refund(300_000), CLAIM, lost(500_000)], [("set_off", 300_000)], 500_000
    ),
    "two refunds, the oldest first": Case(
        [refund(300_000), refund(200_000), CLAIM, lost(400_000)],
        [("set_off", 300_000), ("requested", 100_000)],
        500_000,
    ),
    "goodwill and delivery": Case(
        [refund(100_000), refund(delivery_minor=DELIVERY), CLAIM, lost(ALL)],
        [("set_off", 100_000), ("set_off", DELIVERY)],
        ALL,
    ),
    "two disputes, each a part": Case(
        [refund(500_000), CLAIM, SECOND, lost(200_000), lost(300_000, "72")],
        [("set_off", 500_000)],
        500_000,
        problems=("", ""),
    ),
    "two disputes, one won": Case(
        [refund(500_000), CLAIM, SECOND, won(), lost(ALL, "72")], [("set_off", 500_000)], ALL, problems=("", "")
    ),
    "a dispute that is won": Case([refund(300_000), CLAIM, won()], [("requested", 0)], 300_000),
    "the dispute first, of what is left then": Case(
        [CLAIM, lost(400_000), refund(300_000)], [("requested", 0)], 700_000
    ),
    "it had failed": Case(
        [refund(300_000), SENT, said(RefundState.FAILED), CLAIM, lost(ALL)], [("set_off", 300_000)], ALL
    ),
    "it had failed, a part: the rest is sent by a new key": Case(
        [refund(300_000), SENT, said(RefundState.FAILED), CLAIM, lost(100_000), said(RefundState.FAILED, -1)],
        [("requested", 100_000)],
        300_000,
        problems=(BEYOND_LEFT,),
    ),
    "it was on its way, and fails": Case(
        [refund(300_000), SENT, CLAIM, lost(ALL), said(RefundState.FAILED)], [("set_off", 300_000)], ALL
    ),
    "it is on its way: a person is told": Case(
        [refund(300_000), SENT, CLAIM, lost(ALL)], [("sent", 0)], ALL, 300_000, MAY_BE_PAID_TWICE, (BEYOND_LOST,)
    ),
    "the provider may pay it still: a person decides": Case(
        [refund(300_000), SENT, said(RefundState.NEEDS_ATTENTION), CLAIM, lost(ALL)],
        [("needs_attention", 0)],
        ALL,
        300_000,
        MAY_BE_PAID_TWICE,
        (BEYOND_LOST,),
    ),
    "the provider may pay it still, and it is asked for again: it is asked about first": Case(
        [refund(300_000), SENT, said(RefundState.NEEDS_ATTENTION), CLAIM, AGAIN, lost(ALL)],
        [("requested", 0)],
        ALL,
        300_000,
        problems=(BEYOND_LOST,),
    ),
    "it failed, and is asked for again": Case(
        [refund(300_000), SENT, said(RefundState.FAILED), CLAIM, AGAIN, lost(ALL)], [("set_off", 300_000)], ALL
    ),
    "it was refused at once": Case([refund(300_000), SENT, refused(1), CLAIM, lost(ALL)], [("set_off", 300_000)], ALL),
    "it was refused after an answer was lost: a person decides": Case(
        [refund(300_000), SENT, refused(2), CLAIM, lost(ALL)],
        [("needs_attention", 0)],
        ALL,
        300_000,
        MAY_BE_PAID_TWICE,
        (BEYOND_LOST,),
    ),
    "the provider has paid it before": Case(
        [refund(300_000), SENT, said(RefundState.PROCESSED), CLAIM, lost(ALL)],
        [("processed", 0)],
        ALL,
        300_000,
        problems=(BEYOND_LOST,),
    ),
    "the provider has paid it too": Case(
        [refund(300_000), CLAIM, lost(ALL), said(RefundState.PROCESSED), said(RefundState.PROCESSED)],
        [("processed", 0)],
        ALL,
        300_000,
        problems=(BEYOND_LOST,),
    ),
    "two disputes have paid it in turn, and the provider has paid the rest too": Case(
        [
            *(refund(300_000), SENT, said(RefundState.FAILED), CLAIM, lost(100_000), SENT, said(RefundState.FAILED)),
            *(SECOND, lost(200_000, "72"), paid_after_all(200_000), paid_after_all(200_000)),
        ],
        [("processed", 100_000)],
        300_000,
        200_000,
        problems=(BEYOND_LEFT, BEYOND_LOST),
    ),
    "the provider has paid another amount than was set off: nothing is booked": Case(
        [refund(300_000), CLAIM, lost(ALL), paid_after_all(200_000), paid_after_all(0)], [("set_off", 300_000)], ALL
    ),
}


@dataclass
class World:
    """A paid order of one unit, and what happens to its payment."""

    item: Stocked
    order: Order
    payment: Payment

    def move(self, kind: str, *what: Any) -> None:
        getattr(self, f"_{kind}")(*what)

    def refunds(self) -> list[Refund]:
        return list(Refund.objects.order_by("pk"))

    def _refund(self, wish: dict[str, Any]) -> None:
        [part] = parts_of(self.order)
        refund_part(PartRefund(part=part, by=Actor(ReversedBy.OPERATOR), reason="Torn", **wish), now=NOW)

    def _sent(self, number: int) -> None:
        """Have a refund sent, as the task does that finds the provider without it."""
        found = self.refunds()[number]
        Refund.objects.filter(pk=found.pk, status=RefundStatus.REQUESTED).update(status=RefundStatus.SENT, sent_at=NOW)
        assert not set_off_before_sending(found, now=NOW)

    def _said(self, number: int, state: RefundState) -> None:
        """Hear of the last try of a refund; of the one before where the number is below zero."""
        found = self.refunds()[max(number, 0)]
        amount = found.sent_minor if number == 0 and found.status != RefundStatus.SET_OFF else found.amount_minor
        key = found.keys[0] if number < 0 else found.key
        self._report(key, amount, state)

    def _report(self, key: str, minor: int, state: RefundState) -> None:
        currency, provider_id = self.payment.currency, f"RF-{key[-20:]}"
        report = RefundReport(key=key, provider_id=provider_id, amount_minor=minor, currency=currency, state=state)
        settle_refund(payment_id=self.payment.pk, report=report, now=NOW)

    def _paid_after_all(self, number: int, minor: int) -> None:
        self._report(self.refunds()[number].key, minor, RefundState.PROCESSED)

    def _refused(self, number: int, attempts: int) -> None:
        found = self.refunds()[number]
        stop_refund(refund=found, note="Refused")
        Refund.objects.filter(pk=found.pk).update(attempts=attempts)

    def _again(self, number: int) -> None:
        retry_refund(refund_id=self.refunds()[number].pk)

    def _claim(self, number: str, minor: int) -> None:
        self._tell(number, DisputeState.AWAITING_ANSWER, minor)

    def _end(self, number: str, state: DisputeState, minor: int) -> None:
        for _ in range(2):  # told twice, it is booked once
            self._tell(number, state, minor)

    def _tell(self, number: str, state: DisputeState, minor: int) -> None:
        report = DisputeReport(number, self.payment.reference, minor, self.payment.currency, state)
        follow_report(provider="paystack", report=report, now=NOW)


@pytest.fixture
def world(paystack: SandboxProcess) -> World:
    item = stock(open_shop("cloth-hall", shipping_minor=DELIVERY), price_minor=ALL - DELIVERY)
    return World(item, *paid_for(paystack, item.line()))


def test_what_the_bank_has_paid_is_not_paid_again(world: World) -> None:
    for name, case in CASES.items():
        with undone():
            for move in case.moves:
                world.move(*move)

            refunds = world.refunds()
            assert [(each.status, each.set_off_minor) for each in refunds] == list(case.ends), name
            assert {each.note for each in refunds if each.status in {"sent", "needs_attention"}} <= {case.notes}, name
            assert [each.problem for each in Dispute.objects.order_by("pk")] == list(case.problems), name
            [part] = parts_of(world.order)
            owed = sum(each.amount_minor - each.returned_minor for each in refunds)
            assert part.kept_minor == ALL - case.costs, name
            assert shop_balances(shop_id=world.item.shop.pk).total_minor == part.payable_minor, name
            assert (sums().get("dispute_losses", 0), -sums().get("refunds_payable", 0)) == (case.lost, owed), name
            over = {each.pk for each in refunds if each.status in {"set_off", "processed"}}
            assert not over & {each.pk for each in stuck_refunds(now=LATER)}, name
            assert findings() == [], name


def test_buyer_shop_and_operators_read_who_has_paid(world: World) -> None:
    """Of two refunds the bank has paid one, and a part of the other, whose rest is sent."""
    for move in CASES["two refunds, the oldest first"].moves:
        world.move(*move)
    shop, operator, [part] = world.item.shop, make_operator(), parts_of(world.order)
    buyer, console = Client(HTTP_HOST=settings.BASE_DOMAIN), Client(HTTP_HOST=settings.BASE_DOMAIN)
    console.force_login(operator)
    dispute, program = Dispute.objects.get(), api(None, operator)

    of_buyer = buyer.get(f"{world.order.get_absolute_url()}?key={world.order.access_key}", follow=True).text
    of_shop = page_client(shop, member(shop)).get(f"/dashboard/orders/{part.number}/").text
    of_order = console.get(f"/operator/orders/{world.order.number}/").text
    of_dispute = console.get(f"/operator/disputes/{dispute.pk}/").text
    listed = console.get("/operator/refunds/?status=set_off").text
    read = program.get(f"/api/v1/operator/disputes/{dispute.pk}/").json()["data"]
    known = {each["id"]: each for each in program.get("/api/v1/operator/refunds/").json()["data"]["results"]}

    assert "Your bank has paid it" in of_buyer
    assert (
        "Your bank has paid ₦1,000 of it, so we won’t send that part again. We refund the remaining ₦1,000." in of_buyer
    )
    assert "The buyer’s bank has paid the refund of ₦3,000 with the dispute that was lost" in of_shop
    assert "The buyer’s bank has paid another ₦1,000 of it with a lost dispute." in of_shop
    assert "Refund paid by the buyer’s bank" in of_order, "its journal"
    assert "The buyer’s bank has paid ₦1,000 of it." in of_order
    assert ("₦3,000" in of_dispute, "a refund that was owed: it is not sent" in of_dispute) == (True, True)
    assert (world.order.number in listed, "Paid by the buyer’s bank" in listed) == (True, True)
    assert {each["refund_id"]: each["amount_minor"] for each in read["set_offs"]} == {
        key: each["set_off_minor"] for key, each in known.items()
    }
    assert sorted(each["status"] for each in known.values()) == ["requested", "set_off"]
    for source in set_off_sources(payment_ids=[world.payment.pk]):
        assert order_number_of(kind="set_off", source=source) == world.order.number


def test_the_buyer_is_written_of_each_amount_once(world: World) -> None:
    for move in CASES["two refunds, the oldest first"].moves:
        world.move(*move)
    for _ in range(2):
        outbox.relay(now=NOW)

    letters = Email.objects.filter(dedup_key__startswith="refund-set-off-").order_by("pk")
    assert [letter.subject for letter in letters] == [
        f"Your bank has paid a refund of {amount} for your order {world.order.number}"
        for amount in ("₦3,000", "₦1,000")
    ]
    [whole, part] = [" ".join(letter.text.split()) for letter in letters]
    assert "It has paid the refund of ₦3,000 that we owed you, so we won’t send it again." in whole
    assert "It has paid ₦1,000 of a refund that we owed you" in part
    assert "We refund the remaining ₦1,000." in part


def returned(world: World) -> Return:
    """A return of all that was bought, whose refund is owed."""
    deliver_all(world.order)
    [part], shop = parts_of(world.order), Actor(ReversedBy.SHOP)
    found = ask_return(ReturnRequest(part, {world.item.variant_id: 1}, "It is torn"), now=NOW)
    move_return(return_id=found.pk, move=Move.ACCEPT, by=shop, now=NOW, text="Bring it to our counter.")
    receive_return(Receipt(found.pk, shop), now=NOW)
    return found


def test_a_return_whose_refund_the_bank_has_paid_is_refunded_and_holds_no_money(world: World) -> None:
    found = returned(world)
    holds = ReleaseHold.objects.filter(closed_at=None, reason="refund")
    assert holds.count() == 1

    for move in (CLAIM, lost(ALL)):
        world.move(*move)

    found.refresh_from_db()
    assert ([each.status for each in world.refunds()], found.status, holds.count()) == (["set_off"], "refunded", 0)
    outbox.relay(now=NOW)
    [letter] = Email.objects.filter(subject__contains="is refunded")
    assert "Your bank has paid the refund of ₦10,000: it decided your dispute in your favour." in letter.text
    assert findings() == []


def test_a_return_that_the_bank_has_paid_in_part_says_who_has_paid_what(world: World) -> None:
    found = returned(world)
    for move in (CLAIM, lost(400_000), SENT, said(RefundState.PROCESSED)):
        world.move(*move)

    found.refresh_from_db()
    outbox.relay(now=NOW)
    [letter] = Email.objects.filter(subject__contains="is refunded")
    assert found.status == "refunded"
    assert "You have been refunded ₦10,000: part of it by your bank, the rest by us." in letter.text


def test_a_loss_pays_no_more_than_it_has_taken(world: World) -> None:
    """The control of the table: a set-off that is computed wrongly is refused, and one that is not booked is found."""
    for move in CASES["a part of it: the rest is sent"].moves[:3]:
        world.move(*move)
    DisputeSetOff.objects.create(
        dispute=Dispute.objects.get(), refund_id=world.refunds()[0].pk, amount_minor=1, created_at=NOW
    )
    found = {finding.subject.split()[0] for finding in findings()}
    assert {"set-off", "dispute", "refund"} <= found
