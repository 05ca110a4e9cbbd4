"""Orders through every event that is told: who hears of it by which channel, once, as docs/notifications.md says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest
from django.utils import timezone
from django_tenants.utils import schema_context

from accounts.models import User
from checkout.announcing.message_letters import write_due_letters
from checkout.ending.end_orders import cancel_order
from checkout.ending.expire_orders import expire_reservations
from checkout.ending.release_reservations import release_part
from checkout.fulfilling.advance_part import pack_part, ship_part
from checkout.fulfilling.change_tracking import change_tracking
from checkout.fulfilling.deliver_parcels import deliver_parcel, deliver_part
from checkout.fulfilling.find_late_parts import find_late_parts
from checkout.fulfilling.send_parcel import send_parcel
from checkout.fulfilling.undo_step import undo_parcel
from checkout.fulfilment.models import VendorOrder
from checkout.fulfilment.services import Parcel
from checkout.messaging.sending import NewMessage, send_message
from checkout.models import MessageSide, Order, Payment, ReversedBy, SubOrder
from checkout.moves.move import Side
from checkout.payments.confirm_payment import confirm_payment
from checkout.payments.poll_payments import poll_open_payments
from checkout.payments.start_payment import start_payment
from checkout.readdressing.change_address import AddressChange, change_address
from checkout.returning.ask_return import ReturnRequest, ask_return
from checkout.returning.decide_return import move_return
from checkout.returning.moves import Move
from checkout.reversals.cancel_units import Cancellation, cancel_units
from checkout.reversals.refund_part import PartRefund, refund_part
from checkout.reversals.reverse import Actor
from gateway.disputes import DisputeMove
from kit.models import OutboxMessage
from kit.work import outbox
from notifications.models import Email, Notification, TextMessage
from paystack_sandbox.testing import SandboxProcess
from tests.notifications.test_who_is_told import SILENT, TOLD
from tests.texts.shown import LANGUAGE, StoredTexts, marked_catalogue, unmarked_in, unmarked_in_text
from tests.world.books import make_operator
from tests.world.disputes import Bank, follow
from tests.world.factories.people import person
from tests.world.market import ADDRESS, Stocked, buy, open_shop, order_request, stock
from tests.world.own_shop import member
from tests.world.payments import pay

pytestmark = pytest.mark.django_db
BUYER, SHOP, OPERATORS = "buyer", "shop", "operators"
ABSENT = ("–", "unless they did it")
NEXT_DOOR = replace(ADDRESS, line1="14 Bode Thomas St")
PARCEL = Parcel(carrier="GIG Logistics", tracking_number="GIG1234567890NG")


@dataclass
class Market:
    """A buyer who has asked for SMS, two shops with their owners, and what was told of which event."""

    buyer: User
    owner: User
    operator: User
    cloth: Stocked
    pots: Stocked
    paystack: SandboxProcess
    told: set[tuple[str, str]] = field(default_factory=set)
    unmarked: set[str] = field(default_factory=set)

    def order(self, *items: Stocked, quantity: int = 1) -> Order:
        request = order_request(email=self.buyer.email, user_id=self.buyer.pk)
        lines = [item.line(quantity) for item in items or (self.cloth,)]
        return buy(*lines, now=timezone.now(), request=replace(request, texts=frozenset({"sms"})))

    def paid(self, order: Order) -> Payment:
        payment = start_payment(order_id=order.pk, now=timezone.now())
        pay(self.paystack, payment)
        return confirm_payment(reference=payment.reference, now=timezone.now())

    def sold(self, quantity: int = 1) -> SubOrder:
        """Return a paid part, of which everybody has been told."""
        order = self.order(quantity=quantity)
        self.paid(order)
        outbox.relay(now=timezone.now())
        return self.part(order)

    def part(self, order: Order) -> SubOrder:
        return SubOrder.objects.select_related("order", "shop").get(order=order, shop=self.cloth.shop)

    def tells(
        self, act: Callable[[], object], *notices: tuple[str, str], by: str = "", at: datetime | None = None
    ) -> None:
        """Do something, and compare what was written with the rows of the table.

        Args:
            notices: topic and name of each row that it comes to; others must not be written.
            by: the side that has done it, where the table makes a difference by that.
            at: the time at which its readers are told; None: now.
        """
        for model in (Email, Notification, TextMessage):
            model._default_manager.all().delete()
        act()
        topics = set(OutboxMessage.objects.values_list("topic", flat=True)) - SILENT
        for late in (timedelta(0), timedelta(minutes=11)):  # letters about messages wait
            outbox.relay(now=(at or timezone.now()) + late)
            write_due_letters(now=(at or timezone.now()) + late)

        self.read()
        rows = [row for row in TOLD if (row[0], row[1]) in notices]
        assert {row[0] for row in rows} <= topics
        expected = Counter(each for row in rows for each in channels_of(row, by))
        assert self.written() == expected
        names = {row[1].replace("parcel.*", "parcel.shipped") for row in rows if channels_of(row, by)}
        assert set(Notification.objects.values_list("kind", flat=True)) == names
        self.told |= set(notices)

    def read(self) -> None:
        """Remember the texts of what was written that are neither marked for translation nor stored."""
        found: set[str] = set()
        for letter in Email.objects.all():
            found.update(unmarked_in(letter.html), unmarked_in_text(f"{letter.subject}\n{letter.text}"))
        for notice in Notification.objects.all():
            found.update(unmarked_in_text(f"{notice.title}\n{notice.body}"))
        for message in TextMessage.objects.all():
            found.update(unmarked_in_text(message.text))
        stored = StoredTexts()
        self.unmarked |= {text for text in found if not stored.has(text)}

    def written(self) -> Counter[tuple[str, str]]:
        """Return how much was written to each side by each channel."""
        side = {self.buyer.email: BUYER, self.owner.email: SHOP, self.operator.email: OPERATORS}
        letters = [(side[to], "letter") for to in Email.objects.values_list("to", flat=True)]
        site = [(side[to], "site") for to in Notification.objects.values_list("user__email", flat=True)]
        phones = [(side[to], "phone") for to in TextMessage.objects.values_list("email", flat=True)]
        return Counter(letters + site + phones)


def channels_of(row: tuple[str, ...], by: str) -> list[tuple[str, str]]:
    """Return the side and the channels of a row."""
    _, _, to, _, letter, site, phone = row
    side = next((each for each in (SHOP, OPERATORS) if to.startswith(each)), BUYER)
    if side == by and "unless" in to:
        return []
    words = {"letter": letter, "site": site, "phone": phone}
    return [(side, name) for name, word in words.items() if word != "–" and not (by == side and "unless" in word)]


@pytest.fixture
def market(paystack: SandboxProcess, settings: Any, tmp_path: Any) -> Market:
    settings.TEXT_FOLDER, settings.QUIET_HOURS = str(tmp_path), (0, 0)
    cloth = stock(open_shop("cloth-hall"), on_hand=50)
    pots = stock(open_shop("pot-house"), sku="POT-1")
    return Market(person(email="ada@example.com"), member(cloth.shop), make_operator(), cloth, pots, paystack)


def test_everything_that_is_told_is_told_as_the_table_says(market: Market, settings: Any) -> None:
    settings.LANGUAGE_CODE = LANGUAGE
    with marked_catalogue():
        before_paying(market)
        on_the_way(market)
        after_paying(market)
        coming_back(market)
        disputed(market)
    named = {(topic, name) for topic, name, *_ in TOLD}
    assert market.told == named, "Have each notice of the table happen in one of these parts, by `market.tells`."
    assert market.unmarked == set(), "shown in English to French readers"


def before_paying(market: Market) -> None:
    now = timezone.now()
    order = market.order()
    start_payment(order_id=order.pk, now=now)
    market.tells(lambda: poll_open_payments(now=now + timedelta(minutes=7)), ("order.unpaid", "order.unpaid"))
    market.tells(lambda: cancel_order(order_id=order.pk, now=now), ("order.cancelled", "order.cancelled"))

    order = market.order()
    payment = start_payment(order_id=order.pk, now=now)
    market.paystack.call("POST", f"/sandbox/transactions/{payment.reference}/fail", {})
    market.tells(lambda: confirm_payment(reference=payment.reference, now=now), ("payment.failed", "payment.failed"))
    market.tells(lambda: expire_reservations(now=now + timedelta(minutes=31)), ("order.expired", "order.expired"))

    shared = market.order(market.cloth, market.pots)
    number = market.part(shared).number
    market.tells(
        lambda: release_part(shop=market.cloth.shop, number=number, actor_id=market.owner.pk, now=timezone.now()),
        ("order.part_released", "order.part_released"),
    )
    cancel_order(order_id=shared.pk, now=timezone.now())
    outbox.relay(now=timezone.now())


def after_paying(market: Market) -> None:
    order = market.order(quantity=4)
    paid = ("order.paid", "order.paid"), ("order.paid", "order.new")
    market.tells(lambda: market.paid(order), *paid)
    part = market.part(order)

    too_much = market.order()
    market.paystack.add_fault("wrong_amount", by=1_000_000)
    market.tells(lambda: market.paid(too_much), *paid, ("payment.returning", "payment.returning"))

    address = ("order.address_changed", "order.address_changed"), ("order.address_changed", "shop.address_changed")
    for by, street in ((ReversedBy.OPERATOR, "1 Allen Ave"), (ReversedBy.SHOP, "2 Allen Ave")):
        change = AddressChange(order.pk, replace(NEXT_DOOR, line1=street), by, market.owner.pk, reason="They called us")
        market.tells(partial(change_address, change, now=timezone.now()), *address, by=str(by))

    for side, name, author in (
        (MessageSide.BUYER, "message.shop", market.buyer),
        (MessageSide.SHOP, "message.buyer", market.owner),
    ):
        new = NewMessage(part, side, author.pk, "Is it the blue one?")
        market.tells(partial(send_message, new, now=timezone.now()), ("message.sent", name))

    cancelled = ("order.units_cancelled", "order.units_cancelled"), ("order.units_cancelled", "shop.units_cancelled")
    one = {part.pk: {market.cloth.variant_id: 1}}
    for by in (ReversedBy.BUYER, ReversedBy.SHOP, ReversedBy.OPERATOR):
        wish = Cancellation(order.pk, one, Actor(by), "It is torn")
        market.tells(partial(cancel_units, wish, now=timezone.now()), *cancelled, by=str(by))

    refunded = ("order.part_refunded", "order.part_refunded"), ("order.part_refunded", "shop.part_refunded")
    for by in (ReversedBy.SHOP, ReversedBy.OPERATOR):
        goodwill = PartRefund(market.part(order), Actor(by), "It was late", goodwill_minor=5_000)
        market.tells(partial(refund_part, goodwill, now=timezone.now()), *refunded, by=str(by))


def on_the_way(market: Market) -> None:
    part = market.sold(quantity=3)
    shop, number, one = part.shop, part.number, {market.cloth.variant_id: 1}
    later = timezone.now() + timedelta(days=9)
    late = "vendor_order.dispatch_delayed"
    market.tells(lambda: find_late_parts(now=later), (late, "parcel.late"), (late, "shop.part_late"), at=later)
    market.tells(
        lambda: pack_part(shop=shop, number=number, now=timezone.now()), ("vendor_order.packed", "parcel.packed")
    )
    market.tells(
        lambda: send_parcel(shop=shop, number=number, parcel=PARCEL, lines=one, now=timezone.now()),
        ("parcel.sent", "parcel.shipped"),
    )
    other = replace(PARCEL, tracking_number="GIG0987654321NG")
    market.tells(
        lambda: change_tracking(
            shop=shop, number=number, parcel=other, actor_id=market.owner.pk, now=timezone.now(), shipment=1
        ),
        ("vendor_order.tracking_changed", "parcel.tracking"),
    )
    market.tells(
        lambda: undo_parcel(shop=shop, number=number, parcel=1, actor_id=market.owner.pk, now=timezone.now()),
        ("vendor_order.step_undone", "parcel.*-undone"),
    )
    again = send_parcel(shop=shop, number=number, parcel=PARCEL, lines=one, now=timezone.now())
    outbox.relay(now=timezone.now())
    market.tells(
        lambda: deliver_parcel(shop=shop, number=number, parcel=again.number, now=timezone.now()),
        ("parcel.delivered", "parcel.delivered"),
    )
    market.tells(
        lambda: ship_part(shop=shop, number=number, parcel=PARCEL, now=timezone.now()),
        ("vendor_order.shipped", "parcel.shipped"),
    )
    late = "vendor_order.arrival_delayed"
    much_later = timezone.now() + timedelta(days=40)
    market.tells(
        lambda: find_late_parts(now=much_later), (late, "parcel.late"), (late, "shop.part_late"), at=much_later
    )
    arrived = ("vendor_order.delivered", "parcel.delivered"), ("vendor_order.delivered", "shop.parcel_delivered")
    market.tells(lambda: deliver_part(shop=shop, number=number, now=timezone.now(), by=Side.OPERATOR), *arrived)
    for by in (Side.SHOP, Side.BUYER):
        sent = market.sold()
        ship_part(shop=shop, number=sent.number, parcel=PARCEL, now=timezone.now())
        outbox.relay(now=timezone.now())
        market.tells(
            partial(deliver_part, shop=shop, number=sent.number, now=timezone.now(), by=by),
            *arrived,
            by=str(by),
        )

    fetched = market.sold()
    fetched.delivery = {**fetched.delivery, "kind": "pickup"}
    fetched.save(update_fields=["delivery"])
    with schema_context(shop.schema_name):
        VendorOrder.objects.filter(pk=fetched.pk).update(delivery=fetched.delivery)
    market.tells(
        lambda: pack_part(shop=shop, number=fetched.number, now=timezone.now()), ("vendor_order.packed", "parcel.ready")
    )


def disputed(market: Market) -> None:
    bank, both = Bank(market.paystack), (("dispute.moved", "shop.dispute"), ("dispute.moved", "operator.dispute"))
    payment = market.paid(market.order())
    outbox.relay(now=timezone.now())
    dispute_id = bank.dispute(payment)
    market.tells(lambda: follow(dispute_id, now=timezone.now()), *both)
    reminded = partial(follow, dispute_id, now=timezone.now(), move=DisputeMove.REMINDED)
    market.tells(reminded, *both)
    bank.decide(dispute_id, "declined")
    market.tells(lambda: follow(dispute_id, now=timezone.now()), *both)

    order = market.order()
    payment = market.paid(order)
    owed = PartRefund(market.part(order), Actor(ReversedBy.SHOP), "It was late", goodwill_minor=5_000)
    refund_part(owed, now=timezone.now())
    dispute_id = bank.dispute(payment)
    follow(dispute_id, now=timezone.now())
    outbox.relay(now=timezone.now())
    bank.decide(dispute_id, "auto-accepted")
    market.tells(lambda: follow(dispute_id, now=timezone.now()), *both, ("refund.set_off", "refund.set_off"))


def coming_back(market: Market) -> None:
    part = market.sold(quantity=2)
    ship_part(shop=part.shop, number=part.number, parcel=PARCEL, now=timezone.now())
    deliver_part(shop=part.shop, number=part.number, now=timezone.now())
    outbox.relay(now=timezone.now())
    part = market.part(part.order)
    wish = ReturnRequest(part, {market.cloth.variant_id: 1}, "It is torn")
    market.tells(lambda: ask_return(wish, now=timezone.now()), ("return.moved", "shop.return_moved"))
    asked = part.returns.get()
    accept: dict[str, Any] = {"by": Actor(ReversedBy.SHOP), "text": "Bring it to our counter."}

    market.tells(
        lambda: move_return(return_id=asked.pk, move=Move.ACCEPT, now=timezone.now(), **accept),
        ("return.moved", "return.moved"),
    )
