"""A history of money: what happens to the orders of one or two shops by chance, and what that comes to on paper."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db import transaction

from checkout.models import STUCK_REFUNDS, Refund, RefundStatus, ReversalKind, ReversedBy, SubOrder
from checkout.orders.selectors import lock_order
from checkout.refunds.requests import retry_refund, settle_refund
from checkout.refunds.setting_off import set_off_before_sending
from checkout.releasing.schedule import earned
from checkout.reversals.reverse import Actor, Cause, lock_money, post_reversal, refund_in
from checkout.reversals.steps import Asked
from gateway.port import RefundReport, RefundState
from payouts.disputes.errors import PaymentDisputedError
from payouts.release.holds import end_hold_by_hand, hold_by_hand
from payouts.release.schedules import schedule_release
from tenants.models import Shop
from tests.payouts.histories.disputing import decide, dispute
from tests.payouts.histories.purses import Part, Purse
from tests.payouts.histories.reckoning import Books, Owed
from tests.payouts.histories.selling import TWICE, Sold, draw
from tests.world.clock import DAY

BY_HAND = "by hand"
CAUSE = Cause(ReversalKind.REFUND, Actor(ReversedBy.OPERATOR), "Torn")
SAID_OF_REFUNDS = {
    RefundState.PROCESSED: 14,
    RefundState.PENDING: 1,
    RefundState.FAILED: 2,
    RefundState.NEEDS_ATTENTION: 1,
}


@dataclass
class History:
    """Shops, their orders, and their money on paper."""

    shops: Sequence[tuple[Shop, Purse]]
    chance: random.Random
    books: Books
    operator_id: int
    sold: list[Sold] = field(default_factory=list)
    rows: dict[Part, SubOrder] = field(default_factory=dict)
    arrived: list[UUID] = field(default_factory=list)

    def order(self, now: datetime) -> list[Sold]:
        """Draw the orders of a day, each of one shop or of all."""
        orders = []
        for _ in range(self.chance.choice([0, 1, 1, 2])):
            shops = self.shops if self.chance.random() < 0.5 else [self.chance.choice(self.shops)]
            orders.append(draw(self.chance, shops, now))
        self.sold += orders
        self.rows |= {part: row for each in orders for part, row in zip(each.sale.parts, each.parts, strict=True)}
        for each in orders:
            self.books.sell(each.sale, each.fees)
        return orders

    def live(self, now: datetime) -> None:
        """Do some of what a day may bring."""
        acts = {self.deliver: 5, self.take_back: 2, self.refund: 3, self.keep: 1, self.dispute: 2, self.decide: 3}
        acts[self.pay_too] = 2
        for act in self.chance.choices(list(acts), weights=list(acts.values()), k=2):
            act(now)

    def deliver(self, now: datetime) -> None:
        """A part arrives; some days later its money is available."""
        waiting = [part for part in self.rows if part.due_at is None]
        if waiting:
            part, days = self.chance.choice(waiting), self.chance.randint(0, 3)
            part.due_at = now + days * DAY
            schedule_release(part=earned(self.rows[part]), delivered_at=now, hold_days=days)
            self.arrived.append(part.id)

    def take_back(self, now: datetime) -> None:
        """Some or all of a part is taken back, wherever its money is by then, unless a bank claims its payment."""
        found = [(sold, part) for sold in self.sold for part in sold.sale.parts if part.kept or part.has_gift_left]
        if not found:
            return
        sold, part = self.chance.choice(found)
        is_all = not part.kept or (part.kept >= part.delivery and self.chance.random() < 0.6)
        amount = part.kept if is_all else self.chance.choice([part.kept, self.chance.randint(1, part.kept)])
        asked = Asked({UUID(self.rows[part].lines[0]["variant_id"]): 1}, part.delivery) if is_all else None
        try:
            reversal_id = give_back(sold, part.id, asked or Asked(goodwill_minor=amount), now)
        except PaymentDisputedError:
            assert sold.sale.undecided
            return
        assert not sold.sale.undecided
        self.books.take_back(sold.sale, part, amount, reversal_id, is_all=is_all)

    def refund(self, now: datetime) -> None:
        """The provider says something about a refund: it is out, or failed and is tried again, or nothing new.

        One that is not at the provider yet waits while a bank claims its payment.
        """
        found = [(sold, owed) for sold in self.sold for owed in sold.sale.waiting]
        waiting = [(sold, owed) for sold, owed in found if owed.is_under_way or not sold.sale.undecided]
        if not waiting:
            return
        sold, owed = self.chance.choice(waiting)
        state = self.chance.choices(list(SAID_OF_REFUNDS), weights=list(SAID_OF_REFUNDS.values()))[0]
        if not self._send(sold, owed, now):
            return
        refund = self._report(sold, owed, state, now)
        if owed.left and refund.status in STUCK_REFUNDS and self.chance.random() < 0.7:
            retry_refund(refund_id=refund.pk)
            owed.is_under_way = refund.status == RefundStatus.NEEDS_ATTENTION  # the provider may pay it still
            if not sold.sale.undecided and self._send(sold, owed, now):
                self._report(sold, owed, RefundState.PROCESSED, now)

    def pay_too(self, now: datetime) -> None:
        """The provider says that it has paid a refund which the buyer's bank had paid."""
        found = [(sold, owed) for sold in self.sold for owed in sold.sale.owed if owed.is_by_bank]
        if found and self.chance.random() < 0.7:
            sold, owed = self.chance.choice(found)
            self._tell(_row(sold, owed), owed.amount, RefundState.PROCESSED, now)
            self.books.pay_too(sold.sale, owed)

    def keep(self, now: datetime) -> None:
        """An operator holds the money of a part, or lets it go."""
        waiting = [part for part in self.rows if not part.is_released]
        if waiting:
            part = self.chance.choice(waiting)
            if BY_HAND in part.holds:
                part.holds.remove(BY_HAND)
                end_hold_by_hand(sub_order_id=part.id, now=now)
            else:
                part.holds.add(BY_HAND)
                row = earned(self.rows[part])
                hold_by_hand(part=row, note="Wait", actor_id=self.operator_id, now=now)

    def dispute(self, now: datetime) -> None:
        """A bank claims a payment, or an amount of it, whoever claims it already."""
        claimable = [each for each in self.sold if each.payment and each.sale.provider == "paystack"]
        if claimable:
            dispute(self.chance, self.chance.choice(claimable), self.books, now)

    def decide(self, now: datetime) -> None:
        """Something is said about a claim."""
        claimed = [each for each in self.sold if each.sale.claims]
        undecided = [each for each in claimed if each.sale.undecided]
        if claimed:
            sold = self.chance.choice(undecided or claimed)
            decide(self.chance, sold, self.books, operator_id=self.operator_id, now=now)

    def let_go(self, now: datetime) -> None:
        """Let go of all that an operator holds."""
        for part in self.rows:
            if BY_HAND in part.holds:
                part.holds.remove(BY_HAND)
                end_hold_by_hand(sub_order_id=part.id, now=now)

    def _send(self, sold: Sold, owed: Owed, now: datetime) -> bool:
        """Have a refund sent, unless banks have taken all of it, which nobody has borne; return whether it is sent."""
        refund = _row(sold, owed)
        if refund.status == RefundStatus.REQUESTED and not sold.sale.undecided:
            if refund.goes_alone and Refund.objects.filter(payment_id=refund.payment_id, status="sent").exists():
                return False
            Refund.objects.filter(pk=refund.pk).update(status=RefundStatus.SENT, sent_at=now)
            is_over = set_off_before_sending(refund, now=now)
            self.books.is_not_paid(sold.sale, owed)
            assert is_over == (not owed.left)
            owed.is_under_way = not is_over
        return bool(owed.left)

    def _report(self, sold: Sold, owed: Owed, state: RefundState, now: datetime) -> Refund:
        """Hear of a refund, and write on paper what it means; return it."""
        self._tell(_row(sold, owed), owed.left, state, now)
        if state == RefundState.PROCESSED:
            self.books.refund(sold.sale, owed)
        elif state == RefundState.FAILED:
            self.books.is_not_paid(sold.sale, owed)
        elif state == RefundState.NEEDS_ATTENTION:
            owed.is_under_way = True
        return _row(sold, owed)

    def _tell(self, refund: Refund, amount_minor: int, state: RefundState, now: datetime) -> None:
        report = RefundReport(
            key=refund.key,
            provider_id=f"RF-{refund.key[-24:]}",
            amount_minor=amount_minor,
            currency=refund.currency,
            state=state,
        )
        for _ in range(1 + (self.chance.random() < TWICE)):
            settle_refund(payment_id=refund.payment_id, report=report, now=now)


def _row(sold: Sold, owed: Owed) -> Refund:
    assert sold.payment is not None
    of_payment = Refund.objects.filter(payment_id=sold.payment.pk)
    found: Refund = of_payment.get(reversal_id=owed.key) if owed.key else of_payment.get(reversal=None)
    return found


def give_back(sold: Sold, part_id: UUID, asked: Asked, now: datetime) -> UUID:
    """Take something of a part back as the services do, and return the reversal's id."""
    with transaction.atomic():
        money = lock_money(order=lock_order(order_id=sold.key))
        part = SubOrder.objects.get(pk=part_id)
        reversal = refund_in(part, asked, money=money, cause=CAUSE, now=now)
        post_reversal(reversal, now=now)
    return UUID(str(reversal.pk))
