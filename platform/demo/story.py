"""Purchases of the demo's buyers, and the steps by which they go on."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import httpx

from accounts.models import User
from checkout.fulfilling.advance_part import deliver_part, pack_part, ship_part
from checkout.fulfilment.services import Parcel
from checkout.fulfilment.status import TO_SEND, PartStatus
from checkout.models import Order, SubOrder
from checkout.payments.confirm_payment import confirm_payment
from checkout.payments.start_payment import start_payment
from checkout.placing.place_order import place_order
from checkout.placing.request import Address, Buyer, OrderRequest
from checkout.pricing.lines import CartLine
from demo.accounts import BUYER
from tenants.models import Shop

DAYS = 14
EVERY_SEVENTH = 7
CITIES = (("Surulere", "Lagos"), ("Wuse", "Abuja"), ("Bodija", "Oyo"), ("Rayfield", "Plateau"), ("GRA", "Rivers"))
NAMES = ("Chidinma Okafor", "Tunde Alabi", "Grace Musa", "Kofi Badu", "Amina Yusuf", "Ebuka Obi", "Sade Bakare")
OURS = NAMES[0]  # the demo's buyer who has an account
STEPS = (PartStatus.NEW, PartStatus.PACKED, PartStatus.SHIPPED, PartStatus.DELIVERED)
CARRIERS = ("GIG Logistics", "Kwik", "Sendbox")


@dataclass(frozen=True, slots=True)
class Shelf:
    """A variant that demo buyers may choose."""

    shop: Shop
    variant_id: UUID
    price_minor: int


class Story:
    """Purchases, one after the other, in shops and at the provider's sandbox."""

    def __init__(
        self,
        chance: random.Random,
        people: Mapping[str, User],
        shelves: Sequence[Shelf],
        sandbox: httpx.Client,
        now: datetime,
    ) -> None:
        self.chance = chance
        self.people = people
        self.sandbox = sandbox
        self.now = now
        self.count = 0
        self._shelves = shelves

    def next_order(self, placed_at: datetime, *, name: str = "", quantity: int = 0, shops: int = 0) -> Order:
        """Place the next order, of a person, a quantity of each thing and a number of things given or drawn."""
        self.count += 1
        name = name or self.chance.choice(NAMES)
        city, state = self.chance.choice(CITIES)
        line1 = f"{self.chance.randrange(1, 90)} Market Road"
        address = Address(name=name, line1=line1, city=city, state=state, country="NG", phone="+2348030000000")
        is_ours = name == OURS
        email = BUYER.email if is_ours else f"{name.split(maxsplit=1)[0].lower()}@example.com"
        chosen = self.chance.sample(self._shelves, shops or self.chance.choice((1, 1, 2, 3)))
        lines = [
            CartLine(shelf.variant_id, shelf.shop.pk, quantity or self.chance.choice((1, 1, 1, 2)), shelf.price_minor)
            for shelf in chosen
        ]
        request = OrderRequest(
            buyer=Buyer(email=email, user_id=self.people[BUYER.email].pk if is_ours else None),
            shipping_address=address,
            billing_address=address,
            scope="demo",
            request_key=f"demo-{self.count}",
        )
        return place_order(lines=lines, request=request, now=placed_at).order

    def pay(self, order: Order, paid_at: datetime, *, difference: int = 0) -> None:
        """Confirm a payment as a webhook would; with a difference, the provider charges another amount."""
        payment = start_payment(order_id=order.pk, now=paid_at)
        if difference:
            fault = {"kind": "wrong_amount", "by": difference, "match": {"reference": payment.reference}}
            self.sandbox.post("/sandbox/faults", json=fault).raise_for_status()
        self.pay_at_provider(payment.reference)
        confirm_payment(reference=payment.reference, now=paid_at + timedelta(minutes=3))

    def pay_at_provider(self, reference: str) -> None:
        """Pay, without an event to the market."""
        self.sandbox.post(f"/sandbox/transactions/{reference}/pay", json={}).raise_for_status()

    def fulfil(self, order: Order, placed_at: datetime, *, day: int) -> None:
        """Bring an order on its way; older ones are further."""
        for part in order.sub_orders.select_related("shop").order_by("number"):
            is_slow = self.chance.randrange(EVERY_SEVENTH) == 0
            reached = STEPS[min(max(day - 1 - is_slow, 0), len(STEPS) - 1)]
            self.bring(part, reached, placed_at)

    def bring(self, part: SubOrder, reached: PartStatus, placed_at: datetime) -> None:
        """Bring a paid part to a step, by the shop's word."""
        steps = placed_at
        if reached != PartStatus.NEW:
            pack_part(shop=part.shop, number=part.number, now=(steps := steps + timedelta(hours=5)))
        if reached not in TO_SEND:
            parcel = Parcel(self.chance.choice(CARRIERS), f"NG{self.chance.randrange(10**8):08d}")
            steps += timedelta(hours=14)
            ship_part(shop=part.shop, number=part.number, parcel=parcel, now=steps)
        if reached == PartStatus.DELIVERED:
            deliver_part(shop=part.shop, number=part.number, now=steps + timedelta(hours=26))

    def bought(
        self, ago: timedelta, *, reached: PartStatus = PartStatus.NEW, quantity: int = 2
    ) -> tuple[Order, SubOrder]:
        """Return a paid order of the demo's buyer at one shop, and its part, which has come to a step."""
        placed_at = self.now - ago
        order = self.next_order(placed_at, name=OURS, quantity=quantity, shops=1)
        self.pay(order, placed_at)
        self.bring(part_of(order), reached, placed_at)
        return order, part_of(order)


def part_of(order: Order) -> SubOrder:
    """Return the first part of an order as it is now."""
    return order.sub_orders.select_related("shop", "order").order_by("number")[0]
