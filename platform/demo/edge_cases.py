"""Orders of the demo that are paid, sent or received in other ways than most."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from catalogue.services.stock import adjust_stock
from checkout.ending.expire_orders import expire_reservations
from checkout.fulfilling.advance_part import deliver_part, ship_part
from checkout.fulfilling.deliver_parcels import deliver_parcel
from checkout.fulfilling.receive_parts import receive_parts
from checkout.fulfilling.send_parcel import send_parcel
from checkout.fulfilment.services import Parcel
from checkout.fulfilment.status import PartStatus
from checkout.models import SubOrder
from checkout.moves.move import Side
from checkout.payments.confirm_payment import confirm_payment
from checkout.payments.start_payment import start_payment
from demo.story import CARRIERS, OURS, Story, part_of

TRACKED = Parcel(CARRIERS[0], "NG20260001", "https://giglogistics.example/track/NG20260001")


def tell_edge_cases(story: Story) -> None:
    """Tell of odd payments, one that waits, one paid too late, two parcels, words of arrival, and late parts."""
    for hours, difference in ((3, 250_000), (2, -100_000)):
        placed_at = story.now - timedelta(hours=hours)
        story.pay(story.next_order(placed_at), placed_at, difference=difference)
    placed_at = story.now - timedelta(minutes=4)
    start_payment(order_id=story.next_order(placed_at).pk, now=placed_at)
    _pay_too_late(story)
    _send_in_parcels(story)
    _receive(story)
    _be_late(story)


def _pay_too_late(story: Story) -> None:
    """Pay for an order of two shops after its time, when one of them has sold out."""
    placed_at = story.now - timedelta(hours=9)
    order = story.next_order(placed_at, name=OURS, shops=2)
    payment = start_payment(order_id=order.pk, now=placed_at)
    expire_reservations(now=placed_at + timedelta(hours=1))
    part, late = part_of(order), placed_at + timedelta(hours=2)
    variant_id = UUID(part.lines[0]["variant_id"])
    shelf = partial(adjust_stock, shop=part.shop, variant_id=variant_id, source="demo", now=late)
    level = shelf(change=0)
    free = level.on_hand - level.reserved
    shelf(change=-free)
    story.pay_at_provider(payment.reference)
    confirm_payment(reference=payment.reference, now=late)
    shelf(change=free)


def _send_in_parcels(story: Story) -> None:
    """Send a unit of two: of one order the other is still with the shop, of the next it has left too."""
    for is_all in (False, True):
        order, part = story.bought(timedelta(hours=30))
        sent_at = order.placed_at + timedelta(hours=4)
        _send_one(part, sent_at)
        if is_all:
            deliver_parcel(shop=part.shop, number=part.number, parcel=1, now=sent_at + timedelta(hours=20))
            _send_one(part_of(order), sent_at + timedelta(hours=22))


def _send_one(part: SubOrder, now: datetime) -> None:
    """Send a unit of a part."""
    lines = {next(iter(part.to_send)): 1}
    send_parcel(shop=part.shop, number=part.number, parcel=TRACKED, lines=lines, now=now)


def _receive(story: Story) -> None:
    """Have parcels arrive by the buyer's word, by an operator's, and by the timer."""
    for side in (Side.BUYER, Side.OPERATOR):
        order, part = story.bought(timedelta(days=4), reached=PartStatus.SHIPPED, quantity=1)
        arrived_at = order.placed_at + timedelta(days=2)
        if side == Side.BUYER:
            receive_parts(order_id=order.pk, now=arrived_at)
        else:
            deliver_part(shop=part.shop, number=part.number, by=side, now=arrived_at)
    _, part = story.bought(timedelta(days=32), quantity=1)
    ship_part(shop=part.shop, number=part.number, parcel=TRACKED, now=story.now - timedelta(days=31))


def _be_late(story: Story) -> None:
    """Leave one part that should have left by now, and one that should have arrived."""
    story.bought(timedelta(days=6), quantity=1)
    order, part = story.bought(timedelta(days=27), quantity=1)
    parcel = Parcel(CARRIERS[1], "NG20260002")
    # Promised days are over sooner than those of the settings, and the timer would have delivered it by now.
    sent_at = story.now - timedelta(days=5) if part.delivery.get("latest_on") else order.placed_at + timedelta(hours=20)
    ship_part(shop=part.shop, number=part.number, parcel=parcel, now=sent_at)
