"""What buyers, shops and operators take back: cancelled units, refunds without a return, and returns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from checkout.fulfilment.status import SOLD, TO_SEND, PartStatus
from checkout.models import Return, ReturnStatus, ReversedBy, SubOrder
from checkout.payments.start_payment import start_payment
from checkout.returning.ask_return import ReturnRequest, ask_return
from checkout.returning.decide_return import move_return
from checkout.returning.moves import Move, allowed_moves
from checkout.returning.receive_return import Receipt, receive_return
from checkout.returning.windows import returnable_lines
from checkout.reversals.cancel_units import Cancellation, cancel_units
from checkout.reversals.frozen import FrozenPart
from checkout.reversals.refund_part import PartRefund, refund_part
from checkout.reversals.reverse import Actor
from tests.checkout.histories.actions import Action, fitting
from tests.checkout.histories.market import History, other_size, variants_of
from tests.checkout.histories.sending import part_in

BROKEN = "broken"  # the reason of cancelled units that don't go back on the shelf


def delivery_left(part: SubOrder) -> int:
    """Return what can go back of what was paid for a part's delivery."""
    return min(FrozenPart.of(part).paid_delivery_minor - part.refunded_delivery_minor, part.kept_minor)


@dataclass(frozen=True)
class Cancel(Action):
    """Buyer, shop or operator cancels units of a line; some of them are broken."""

    units: int
    side: ReversedBy
    is_broken: bool = False

    def do(self, history: History) -> None:
        if part := part_in(history, self.number, *TO_SEND):
            units = dict.fromkeys(variants_of(part)[:1], self.units)
            reason = BROKEN if self.is_broken else "Not wanted"
            wish = Cancellation(part.order_id, {part.pk: units}, Actor(self.side), reason, not self.is_broken)
            cancel_units(wish, now=history.now)


@dataclass(frozen=True)
class GiveMoney(Action):
    """A side gives money of a part back, and nothing comes back for it."""

    side: ReversedBy
    percent: int

    def do(self, history: History) -> None:
        if part := part_in(history, self.number, *SOLD):
            wish = PartRefund(part, Actor(self.side), "It was late", **self.asked(part))
            refund_part(wish, now=history.now)

    def asked(self, part: SubOrder) -> dict[str, Any]:
        raise NotImplementedError


class RefundUnits(GiveMoney):
    def asked(self, part: SubOrder) -> dict[str, Any]:
        return {"units": dict.fromkeys(variants_of(part)[:1], 1 + self.percent // 40)}


class RefundDelivery(GiveMoney):
    def asked(self, part: SubOrder) -> dict[str, Any]:
        return {"delivery_minor": delivery_left(part) * self.percent // 100}


class Goodwill(GiveMoney):
    def asked(self, part: SubOrder) -> dict[str, Any]:
        return {"goodwill_minor": part.kept_minor * self.percent // 100}


@dataclass(frozen=True)
class AskReturn(Action):
    """The buyer wants to send units of a line back."""

    units: int

    def do(self, history: History) -> None:
        if part := part_in(history, self.number, PartStatus.DELIVERED):
            units = dict.fromkeys(variants_of(part)[:1], self.units)
            ask_return(ReturnRequest(part, units, "It is torn"), now=history.now)


@dataclass(frozen=True)
class AskExchange(Action):
    """The buyer wants the other size instead of units of a line."""

    units: int

    def do(self, history: History) -> None:
        def fits(part: SubOrder) -> bool:
            return bool(returnable_lines(part, now=history.now))

        if part := fitting(history.parts, self.number, fits):
            units = dict.fromkeys(variants_of(part)[:1], self.units)
            wanted = {key: other_size(history, key) for key in units}
            ask_return(ReturnRequest(part, units, "It does not fit", wanted=wanted), now=history.now)


class OpenPage(Action):
    """The buyer opens the page to pay an order at, as for the difference of an exchange."""

    def do(self, history: History) -> None:
        if order := fitting(history.orders, self.number, lambda each: bool(each.credit_minor and not each.paid_at)):
            start_payment(order_id=order.pk, now=history.now)


@dataclass(frozen=True)
class AnswerReturn(Action):
    """A side makes a move of a return that moves no money."""

    answer: tuple[ReversedBy, Move]

    def do(self, history: History) -> None:
        side, move = self.answer

        def fits(found: Return) -> bool:
            return move in allowed_moves(found, side, now=history.now)

        if found := fitting(history.returns, self.number, fits):
            move_return(return_id=found.pk, move=move, by=Actor(side), now=history.now, text="So it is")


@dataclass(frozen=True)
class ReceiveReturn(Action):
    """The shop has the units again, or an operator leaves them with the buyer; some are broken."""

    side: ReversedBy
    broken: int = 0
    has_delivery: bool = False

    def do(self, history: History) -> None:
        waiting = {ReturnStatus.ACCEPTED} | ({ReturnStatus.ESCALATED} if self.side == ReversedBy.OPERATOR else set())
        if found := fitting(history.returns, self.number, lambda each: each.status in waiting):
            off = {UUID(key): min(self.broken, count) for key, count in found.lines.items() if self.broken}
            delivery = delivery_left(found.sub_order) if self.has_delivery else 0
            receive_return(Receipt(found.pk, Actor(self.side), off, delivery), now=history.now)
