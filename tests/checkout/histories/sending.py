"""What shops, buyers and the market do to parts and parcels: pack, send, take back, deliver."""

from __future__ import annotations

from dataclasses import dataclass

from checkout.fulfilling.advance_part import deliver_part, pack_part, ship_part
from checkout.fulfilling.deliver_parcels import deliver_parcel
from checkout.fulfilling.receive_parts import receive_parts
from checkout.fulfilling.send_parcel import send_parcel
from checkout.fulfilling.undo_step import undo_parcel, undo_step
from checkout.fulfilment.parcels import SentParcel
from checkout.fulfilment.services import Parcel
from checkout.fulfilment.status import TO_SEND, ParcelStatus, PartStatus
from checkout.models import SubOrder
from tests.checkout.histories.actions import Action, fitting
from tests.checkout.histories.market import History, variants_of

TRACKING = Parcel("Kwik", "NG1")


def part_in(history: History, number: int, *statuses: PartStatus) -> SubOrder | None:
    """Return the part that a drawn number means, mostly one in these statuses."""
    return fitting(history.parts, number, lambda part: part.status in statuses)


def parcel_of(history: History, number: int) -> tuple[SubOrder, SentParcel] | None:
    """Return the parcel that a drawn number means, mostly one on its way, with its part."""
    parcels = [(part, parcel) for part in history.parts for parcel in part.sent_parcels]
    return fitting(parcels, number, lambda found: found[1].status == ParcelStatus.SHIPPED)


class Pack(Action):
    def do(self, history: History) -> None:
        if part := part_in(history, self.number, PartStatus.NEW):
            pack_part(shop=part.shop, number=part.number, now=history.now)


class Ship(Action):
    def do(self, history: History) -> None:
        if part := part_in(history, self.number, *TO_SEND):
            ship_part(shop=part.shop, number=part.number, parcel=TRACKING, now=history.now)


@dataclass(frozen=True)
class SendParcel(Action):
    """A parcel leaves with some units of a line."""

    units: int

    def do(self, history: History) -> None:
        if part := part_in(history, self.number, *TO_SEND):
            lines = dict.fromkeys(variants_of(part)[:1], self.units)
            send_parcel(shop=part.shop, number=part.number, parcel=TRACKING, lines=lines, now=history.now)


class DeliverParcel(Action):
    def do(self, history: History) -> None:
        if found := parcel_of(history, self.number):
            part, parcel = found
            deliver_parcel(shop=part.shop, number=part.number, parcel=parcel.number, now=history.now)


class UndoParcel(Action):
    def do(self, history: History) -> None:
        if found := parcel_of(history, self.number):
            part, parcel = found
            undo_parcel(
                shop=part.shop,
                number=part.number,
                parcel=parcel.number,
                actor_id=history.staff_id,
                now=history.now,
            )


class Deliver(Action):
    def do(self, history: History) -> None:
        if part := part_in(history, self.number, PartStatus.SHIPPED):
            deliver_part(shop=part.shop, number=part.number, now=history.now)


class Receive(Action):
    """The buyer has received a part, or all that is on its way of its order."""

    def do(self, history: History) -> None:
        if part := part_in(history, self.number, PartStatus.SHIPPED):
            number = part.number if self.number % 3 else ""
            receive_parts(order_id=part.order_id, number=number, now=history.now)


class Undo(Action):
    def do(self, history: History) -> None:
        if part := part_in(history, self.number, PartStatus.PACKED, PartStatus.SHIPPED):
            step = PartStatus(part.status)
            undo_step(shop=part.shop, number=part.number, step=step, actor_id=history.staff_id, now=history.now)
