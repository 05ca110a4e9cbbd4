"""Returns: who may ask for which units until when, each move with its letters, stock and money, and what is refused."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
import time_machine
from django.conf import settings as conf
from django.test import Client
from django_tenants.utils import schema_context

from catalogue.discovery.models import Category, Listing
from catalogue.models import MovementKind, StockLevel, StockMovement
from checkout.announcing.returns import announce_return
from checkout.errors import (
    EscalationTooEarlyError,
    NotReturnableError,
    RefundTooLargeError,
    UnitsNotLeftError,
    WrongReturnStepError,
)
from checkout.events import ReturnMoved
from checkout.fulfilling.deliver_parcels import deliver_parcel
from checkout.fulfilling.send_parcel import send_parcel
from checkout.fulfilling.undo_step import undo_step
from checkout.fulfilment.services import Parcel
from checkout.fulfilment.status import PartStatus
from checkout.models import Refund, Return, ReturnStatus, Reversal, ReversedBy, SubOrder
from checkout.refunds.push_refunds import push_open_refunds
from checkout.returning.ask_return import ReturnRequest, ask_return
from checkout.returning.decide_return import move_return
from checkout.returning.keep_terms import set_return_terms
from checkout.returning.moves import RULES, Move, allowed_moves
from checkout.returning.receive_return import Receipt, receive_return
from checkout.returning.windows import returnable_lines
from checkout.reversals.refund_part import PartRefund, refund_part
from checkout.reversals.reverse import Actor
from kit.errors import InvalidInputError
from notifications.models import Email, Notification
from payouts.audit.run import run_audit
from paystack_sandbox.testing import SandboxProcess
from tests.world.clock import NOW
from tests.world.factories.catalogue import make_categories
from tests.world.market import Stocked
from tests.world.own_shop import api, member
from tests.world.payments import sums
from tests.world.undoing import undone

pytestmark = pytest.mark.django_db
BUYER, SHOP, MARKET = Actor(ReversedBy.BUYER), Actor(ReversedBy.SHOP), Actor(ReversedBy.OPERATOR)
DAY = timedelta(days=1)


def ask(part: SubOrder, item: Stocked, count: int = 1, *, now: datetime = NOW) -> Return:
    return ask_return(ReturnRequest(part, {item.variant_id: count}, "It arrived broken"), now=now)


def move(found: Return, name: Move, by: Actor, *, now: datetime = NOW, **words: Any) -> Return:
    return move_return(return_id=found.pk, move=name, by=by, now=now, **words)


def receive(found: Return, by: Actor = SHOP, **what: Any) -> Return:
    return receive_return(Receipt(found.pk, by, **what), now=NOW)


def accepted(part: SubOrder, item: Stocked, count: int = 1) -> Return:
    return move(ask(part, item, count), Move.ACCEPT, SHOP, instructions="To the shop")


def on_hand(item: Stocked) -> int:
    with schema_context(item.shop.schema_name):
        return StockLevel.objects.get(variant_id=item.variant_id).on_hand


def findings() -> list[Any]:
    return [finding for result in run_audit(with_provider=False, now=NOW).results for finding in result.findings]


def everything() -> list[Any]:
    return [sums(), list(SubOrder.objects.values()), list(Return.objects.values()), Refund.objects.count()]


def test_units_are_received_put_back_and_paid_back(part: SubOrder, item: Stocked) -> None:
    before, had = sums(), on_hand(item)
    found = receive(accepted(part, item, 2), written_off={item.variant_id: 1}, delivery_minor=5_000)
    assert (found.status, found.written_off) == (ReturnStatus.RECEIVED, {str(item.variant_id): 1})
    reversal = Reversal.objects.get()
    assert (reversal.kind, reversal.refund_minor, reversal.lines) == ("return", 2_005_000, {str(item.variant_id): 2})
    assert sums()["refunds_payable"] == before.get("refunds_payable", 0) - 2_005_000
    assert on_hand(item) == had + 1
    with schema_context(item.shop.schema_name):
        moved = StockMovement.objects.latest("pk")
        assert (moved.kind, moved.quantity, moved.source) == (MovementKind.RETURN, 1, part.number)
    now = SubOrder.objects.get()
    assert (now.status, now.refunded_units, now.refunded_delivery_minor) == (
        "delivered",
        {str(item.variant_id): 2},
        5_000,
    )
    assert findings() == []


def test_it_is_refunded_once_the_provider_has_given_the_money_back(
    part: SubOrder, item: Stocked, paystack: SandboxProcess, eventually: Any
) -> None:
    found = receive(accepted(part, item))
    push_open_refunds(now=NOW)
    [sent] = paystack.call("GET", "/refund?perPage=100")["data"]
    assert sent["amount"] == 1_000_000
    Refund.objects.update(due_at=None, checked_at=None)
    push_open_refunds(now=NOW + DAY)
    if Refund.objects.get().status == "processed":
        found.refresh_from_db()
        assert found.status == ReturnStatus.REFUNDED
        assert found.steps[-1]["move"] == Move.REFUND
    assert findings() == []


def test_all_units_in_returns_and_the_delivery_end_at_what_was_paid(part: SubOrder, item: Stocked) -> None:
    refund_part(PartRefund(part, SHOP, "It was late", goodwill_minor=123_457), now=NOW)
    for _ in range(3):
        receive(accepted(SubOrder.objects.get(), item))
    left = SubOrder.objects.get().kept_minor
    refund_part(PartRefund(SubOrder.objects.get(), SHOP, "The rest", goodwill_minor=left), now=NOW)
    assert sum(refund.amount_minor for refund in Refund.objects.all()) == part.total_minor
    assert SubOrder.objects.get().kept_commission_minor == 0
    assert findings() == []


def test_units_can_be_asked_for_once_and_only_within_their_days(part: SubOrder, item: Stocked) -> None:
    ask(part, item, 2)
    before = everything()
    for count, refusal in ((2, UnitsNotLeftError), (0, UnitsNotLeftError), (4, UnitsNotLeftError)):
        with pytest.raises(refusal):
            ask(part, item, count)
    late = NOW + timedelta(days=conf.RETURN_DAYS)
    assert list(returnable_lines(part, now=late)) == [item.variant_id]
    with pytest.raises(NotReturnableError):
        ask(part, item, now=late + timedelta(seconds=1))
    assert everything() == before


def test_what_has_not_arrived_is_not_sent_back(sent_part: SubOrder, item: Stocked) -> None:
    with pytest.raises(NotReturnableError):
        ask(sent_part, item)
    assert not Return.objects.exists()


def test_what_has_arrived_of_a_part_is_sent_back_while_the_rest_is_to_come(sent_part: SubOrder, item: Stocked) -> None:
    shop, number = sent_part.shop, sent_part.number
    undo_step(shop=shop, number=number, step=PartStatus.SHIPPED, actor_id=member(shop).pk, now=NOW)
    for units in (2, 1):  # the third unit is on its way
        send_parcel(shop=shop, number=number, parcel=Parcel(), lines={item.variant_id: units}, now=NOW)
    deliver_parcel(shop=shop, number=number, parcel=2, now=NOW)
    part = SubOrder.objects.get()
    assert part.status == PartStatus.SHIPPED
    assert returnable_lines(part, now=NOW)[item.variant_id].units == 2
    assert not returnable_lines(part, now=NOW + timedelta(days=conf.RETURN_DAYS, seconds=1))
    with pytest.raises(UnitsNotLeftError):
        ask(part, item, 3)
    had = on_hand(item)
    receive(accepted(part, item, 1))
    part = SubOrder.objects.get()
    assert (part.status, part.refunded_units, on_hand(item)) == ("shipped", {str(item.variant_id): 1}, had + 1)
    assert returnable_lines(part, now=NOW)[item.variant_id].units == 1  # of the two that have arrived
    with pytest.raises(UnitsNotLeftError):
        ask(part, item, 2)
    deliver_parcel(shop=shop, number=number, parcel=3, now=NOW)
    assert returnable_lines(SubOrder.objects.get(), now=NOW)[item.variant_id].units == 2
    assert findings() == []


def test_allowed_moves_have_the_return_as_long_as_the_page_offers_it(part: SubOrder, item: Stocked) -> None:
    order = part.order
    for units in (3, 0):
        with time_machine.travel(NOW, tick=False):
            body = api(None, order.buyer).get(
                f"/api/v1/orders/{order.number}/", headers={"X-Order-Key": order.access_key}
            )
            page = Client(HTTP_HOST=conf.BASE_DOMAIN).get(
                f"/orders/{order.number}/?key={order.access_key}", follow=True
            )
        shown = body.json()["data"]
        offered = {"return" in shown["allowed_moves"], "return" in shown["sub_orders"][0]["allowed_moves"]}
        assert {*offered, "Send something back" in page.content.decode()} == {bool(units)}
        if units:
            ask(part, item, units)


def test_a_withdrawn_return_frees_its_units_and_a_refused_one_does_not(part: SubOrder, item: Stocked) -> None:
    move(ask(part, item, 3), Move.CANCEL, BUYER)
    refused = move(ask(part, item, 3), Move.REFUSE, SHOP, text="It was worn")
    with pytest.raises((UnitsNotLeftError, NotReturnableError)):
        ask(part, item)
    assert move(refused, Move.ESCALATE, BUYER, text="It was not").status == ReturnStatus.ESCALATED


@pytest.fixture
def bags(part: SubOrder) -> str:
    """The slug of a category below another one, in which the product is listed."""
    make_categories()

    child = Category.objects.exclude(parent=None).earliest("pk")
    Listing.objects.update(category=child)
    return child.slug


def until(part: SubOrder, item: Stocked) -> int:
    """Return the days for a return, counted from the delivery."""
    return (returnable_lines(part, now=NOW)[item.variant_id].until - NOW).days


def test_days_are_the_categorys_then_the_shops_then_the_markets(
    part: SubOrder, item: Stocked, bags: str, settings: Any
) -> None:
    def terms(days: int | None, categories: dict[str, int]) -> None:
        set_return_terms(shop_id=part.shop_id, days=days, categories=categories, actor_id=None, now=NOW)

    assert until(part, item) == 14
    terms(30, {})
    assert until(part, item) == 30
    settings.RETURN_DAYS_BY_CATEGORY = {bags: 3}
    assert until(part, item) == 3
    terms(30, {bags: 60})
    assert until(part, item) == 60
    for days, categories in ((13, {}), (None, {bags: 2}), (None, {"no-such-category": 30}), (366, {})):
        with pytest.raises(InvalidInputError):
            terms(days, categories)
    assert until(part, item) == 60


def test_a_shop_that_does_not_answer_can_be_passed_over_after_its_days(part: SubOrder, item: Stocked) -> None:
    found = ask(part, item)
    with pytest.raises(EscalationTooEarlyError):
        move(found, Move.ESCALATE, BUYER, now=NOW + DAY)
    late = NOW + timedelta(days=conf.RETURN_ANSWER_DAYS)
    assert move(found, Move.ESCALATE, BUYER, now=late).status == ReturnStatus.ESCALATED


def test_the_market_pays_back_what_the_buyer_keeps(part: SubOrder, item: Stocked) -> None:
    found = move(move(ask(part, item), Move.REFUSE, SHOP, text="No"), Move.ESCALATE, BUYER, text="Yes")
    had = on_hand(item)
    assert receive(found, MARKET).status == ReturnStatus.RECEIVED
    assert (on_hand(item), Refund.objects.get().amount_minor) == (had, 1_000_000)
    assert findings() == []


def test_units_that_were_refunded_meanwhile_are_not_paid_twice(part: SubOrder, item: Stocked) -> None:
    found = accepted(part, item, 3)
    refund_part(PartRefund(part, SHOP, "Keep two", units={item.variant_id: 2}), now=NOW)
    receive(found)
    assert SubOrder.objects.get().refunded_units == {str(item.variant_id): 3}
    assert sum(refund.amount_minor for refund in Refund.objects.all()) == 3_000_000
    assert findings() == []


@pytest.mark.parametrize("status", ReturnStatus.values)
def test_every_move_follows_the_table(part: SubOrder, item: Stocked, status: str) -> None:
    is_here = status in {"received", "refunded", "exchanged"}
    found = receive(accepted(part, item)) if is_here else ask(part, item)
    Return.objects.update(status=status)
    before = everything()
    for side, name in sorted(RULES):
        with undone():
            found.refresh_from_db()
            is_allowed = name in allowed_moves(found, side, now=NOW)
            assert is_allowed == (status in RULES[side, name].before), (side, name)
            by = Actor(side)
            try:
                done = receive(found, by) if name == Move.RECEIVE else move(found, name, by, text="So")
            except (WrongReturnStepError, EscalationTooEarlyError):
                assert not is_allowed, (side, name)
                assert everything() == before, (side, name)
            else:
                assert is_allowed, (side, name)
                assert done.status == RULES[side, name].status, (side, name)


def test_more_is_not_written_off_than_came_back(part: SubOrder, item: Stocked) -> None:
    found = accepted(part, item)
    before = everything()
    for what, refusal in (
        ({"written_off": {item.variant_id: 2}}, UnitsNotLeftError),
        ({"written_off": {UUID(int=1): 1}}, UnitsNotLeftError),
        ({"delivery_minor": 10**9}, RefundTooLargeError),
    ):
        with pytest.raises(refusal):
            receive(found, **what)
    assert everything() == before


def test_each_move_is_told_once_to_those_whom_it_concerns(part: SubOrder, item: Stocked) -> None:
    owner = member(item.shop)
    found = ask(part, item)
    move(found, Move.ASK, SHOP, text="Which seam?")
    move(found, Move.REPLY, BUYER, text="The left one")
    move(found, Move.REFUSE, SHOP, text="It was worn")
    move(found, Move.ESCALATE, BUYER, text="It was not")
    move(found, Move.ACCEPT, MARKET, text="The photos show it")
    receive(found)
    steps = Return.objects.get().steps
    for place in range(len(steps)):
        for _ in range(2):
            announce_return(ReturnMoved(found.pk, place), NOW)
    letters = Email.objects.filter(dedup_key__startswith="return-")
    to_buyer = [letter.text for letter in letters.filter(to=part.order.email).order_by("pk")]
    to_shop = [letter.text for letter in letters.filter(to=owner.email).order_by("pk")]
    expected = ("Which seam?", "It was worn", "The photos show it", "We refund ₦10,000")
    assert [said in text for said, text in zip(expected, to_buyer, strict=True)] == [True] * 4
    expected = ("wants to send this back", "The left one", "It was not", "The photos show it")
    assert [said in text for said, text in zip(expected, to_shop, strict=True)] == [True] * 4
    assert Notification.objects.filter(user=owner, kind="shop.return_moved").count() == 4
