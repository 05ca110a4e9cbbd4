"""Two weeks of orders, in every state that a page can show; the same each time."""

from __future__ import annotations

import logging
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import httpx
from django_tenants.utils import schema_context

from accounts.models import User
from catalogue.models import StockLevel
from checkout.ending.end_orders import cancel_order
from checkout.ending.expire_orders import expire_reservations
from checkout.fulfilling.advance_part import deliver_part, pack_part, ship_part
from checkout.fulfilling.find_late_parts import find_late_parts
from checkout.fulfilling.send_parcel import send_parcel
from checkout.fulfilment.services import Parcel
from checkout.fulfilment.status import TO_SEND, PartStatus
from checkout.models import Order, ReversedBy, SubOrder
from checkout.payments.confirm_payment import confirm_payment
from checkout.payments.start_payment import start_payment
from checkout.placing.place_order import place_order
from checkout.placing.request import Address, Buyer, OrderRequest
from checkout.pricing.lines import CartLine
from checkout.returning.ask_return import ReturnRequest, ask_return
from checkout.returning.decide_return import move_return
from checkout.returning.moves import Move
from checkout.returning.windows import returnable_lines
from checkout.reversals.cancel_units import Cancellation, cancel_units
from checkout.reversals.choosing import units_left, units_paid
from checkout.reversals.refund_part import PartRefund, refund_part
from checkout.reversals.reverse import Actor
from demo.accounts import BUYER
from tenants.models import Shop, ShopStatus
from webhooks.services import process_event, receive_event

logger = logging.getLogger(__name__)

DAYS = 14
ORDERS_A_DAY = 4
SEED = 1960
EVERY_SEVENTH = 7
CITIES = (("Surulere", "Lagos"), ("Wuse", "Abuja"), ("Bodija", "Oyo"), ("Rayfield", "Plateau"), ("GRA", "Rivers"))
NAMES = ("Chidinma Okafor", "Tunde Alabi", "Grace Musa", "Kofi Badu", "Amina Yusuf", "Ebuka Obi", "Sade Bakare")
STEPS = (PartStatus.NEW, PartStatus.PACKED, PartStatus.SHIPPED, PartStatus.DELIVERED)
CARRIERS = ("GIG Logistics", "Kwik", "Sendbox")


@dataclass(frozen=True, slots=True)
class Shelf:
    """A variant that demo buyers may choose."""

    shop: Shop
    variant_id: UUID
    price_minor: int


@dataclass(frozen=True, slots=True)
class ProviderSandbox:
    """The payment provider's sandbox that the demo's orders are paid in.

    Args:
        signature_headers: returns the headers of an event from its signature.
    """

    provider: str
    address: str
    signature_headers: Callable[[str], Mapping[str, str]]


def load_history(
    people: Mapping[str, User], shops: Mapping[str, Shop], *, provider_sandbox: ProviderSandbox, now: datetime
) -> None:
    """Place, pay, pack, ship, deliver, fail, cancel and let expire; without a sandbox that answers, nothing."""
    # Not for secrets: the same demo each time.
    story = _Story(random.Random(SEED), people, _shelves(shops), now)  # noqa: S311
    with httpx.Client(base_url=provider_sandbox.address, timeout=10) as sandbox:
        try:
            sandbox.get("/health").raise_for_status()
        except httpx.HTTPError:
            logger.warning("No payment sandbox answers, so the demo has no paid orders.")
            return
        for day in range(DAYS, -1, -1):
            for place in reversed(range(ORDERS_A_DAY)):
                story.tell(sandbox, day=day, place=place)
        story.tell_edge_cases(sandbox)
        story.tell_late_parts(sandbox)
        _receive_webhooks(sandbox, provider_sandbox, now=now)
    expire_reservations(now=now)
    find_late_parts(now=now)


def _receive_webhooks(sandbox: httpx.Client, provider_sandbox: ProviderSandbox, *, now: datetime) -> None:
    """Take in what the sandbox could not deliver while no web server ran: the same bytes, the same signature."""
    page = 1
    while deliveries := sandbox.get("/sandbox/deliveries", params={"page": page, "perPage": 100}).json()["data"]:
        for delivery in deliveries:
            body = delivery["body"].encode()
            headers = provider_sandbox.signature_headers(delivery["signature"])
            event_id = receive_event(provider=provider_sandbox.provider, body=body, headers=headers, now=now)
            process_event(event_id=event_id, now=now)
        page += 1


class _Story:
    """Purchase of a demo buyer, and the step that it reaches."""

    def __init__(
        self, chance: random.Random, people: Mapping[str, User], shelves: Sequence[Shelf], now: datetime
    ) -> None:
        self._chance = chance
        self._people = people
        self._shelves = shelves
        self._now = now
        self._count = 0

    def tell(self, sandbox: httpx.Client, *, day: int, place: int) -> None:
        """Place one order and bring it to its last step."""
        placed_at = self._now - timedelta(days=day, hours=2 * place + 1, minutes=self._chance.randrange(50))
        order = self._next_order(placed_at)
        if self._count % EVERY_SEVENTH == 0:
            self._leave_unpaid(sandbox, order, placed_at)
            return
        self._pay(sandbox, order, placed_at)
        self._fulfil(order, placed_at, day=day)

    def tell_edge_cases(self, sandbox: httpx.Client) -> None:
        """Too much and too little paid, one that waits, cancelled units, a refund, and parts in two parcels."""
        for hours, difference in ((3, 250_000), (2, -100_000)):
            placed_at = self._now - timedelta(hours=hours)
            self._pay(sandbox, self._next_order(placed_at), placed_at, difference=difference)
        placed_at = self._now - timedelta(minutes=4)
        start_payment(order_id=self._next_order(placed_at).pk, now=placed_at)
        for by, reason in ((ReversedBy.BUYER, "I ordered one too many."), (ReversedBy.SHOP, "The last one is torn.")):
            placed_at = self._now - timedelta(hours=5)
            order = self._next_order(placed_at, name=NAMES[0], quantity=2)
            self._pay(sandbox, order, placed_at)
            self._cancel_unit(order, Actor(by), reason, now=placed_at + timedelta(hours=1))
        placed_at = self._now - timedelta(hours=6)
        for is_all in (False, True):
            order = self._next_order(placed_at, name=NAMES[0], quantity=2)
            self._pay(sandbox, order, placed_at)
            self._send_in_parcels(order, now=placed_at + timedelta(hours=1))
            if is_all:
                self._send_in_parcels(order, now=placed_at + timedelta(hours=3))
        placed_at = self._now - timedelta(days=6)
        order = self._next_order(placed_at, name=NAMES[0], quantity=2)
        self._pay(sandbox, order, placed_at)
        self._fulfil(order, placed_at, day=DAYS)
        self._give_back(order, now=placed_at + timedelta(days=4))
        for steps in ((), (Move.REFUSE,), (Move.ACCEPT,)):
            placed_at = self._now - timedelta(days=5)
            order = self._next_order(placed_at, name=NAMES[0], quantity=2)
            self._pay(sandbox, order, placed_at)
            self._fulfil(order, placed_at, day=DAYS)
            self._send_back(order, steps, now=placed_at + timedelta(days=4))

    def tell_late_parts(self, sandbox: httpx.Client) -> None:
        """One order that should have left by now, and one that should have arrived."""
        placed_at = self._now - timedelta(days=6)
        self._pay(sandbox, self._next_order(placed_at, name=NAMES[0], quantity=1), placed_at)
        placed_at = self._now - timedelta(days=27)
        order = self._next_order(placed_at, name=NAMES[0], quantity=1)
        self._pay(sandbox, order, placed_at)
        for part in order.sub_orders.select_related("shop").order_by("number"):
            parcel = Parcel(CARRIERS[1], "NG20260002")
            ship_part(shop=part.shop, number=part.number, parcel=parcel, now=placed_at + timedelta(hours=20))

    def _send_back(self, order: Order, steps: Sequence[Move], *, now: datetime) -> None:
        """Ask for a return of a unit of the order's first part, and answer it."""
        for part in order.sub_orders.order_by("number")[:1]:
            for variant_id in list(returnable_lines(part, now=now))[:1]:
                asked = ask_return(ReturnRequest(part, {variant_id: 1}, "It does not fit"), now=now)
                for move in steps:
                    move_return(
                        return_id=asked.pk,
                        move=move,
                        by=Actor(ReversedBy.SHOP),
                        text="It was worn." if move == Move.REFUSE else "",
                        instructions="Hand it in at the shop, with the packing slip." if move == Move.ACCEPT else "",
                        now=now + timedelta(hours=5),
                    )

    def _give_back(self, order: Order, *, now: datetime) -> None:
        """Give a unit of the order's first part back, and an amount for the delay."""
        part = order.sub_orders.order_by("number").first()
        if part is not None:
            units = {next(iter(units_paid(part))): 1}
            wish = PartRefund(part, Actor(ReversedBy.SHOP), "One is torn. Sorry.", units=units, goodwill_minor=50_000)
            refund_part(wish, now=now)

    def _send_in_parcels(self, order: Order, *, now: datetime) -> None:
        """Send a unit of the order's first part; the rest is still with the shop."""
        part = order.sub_orders.select_related("shop").order_by("number").first()
        if part is None:
            return
        lines = {next(iter(SubOrder.objects.get(pk=part.pk).to_send)): 1}
        parcel = Parcel(CARRIERS[0], "NG20260001", "https://giglogistics.example/track/NG20260001")
        send_parcel(shop=part.shop, number=part.number, parcel=parcel, lines=lines, now=now)

    def _cancel_unit(self, order: Order, by: Actor, reason: str, *, now: datetime) -> None:
        """Cancel a unit of the order's first part."""
        part = order.sub_orders.order_by("number").first()
        if part is None:
            return
        variant_id = next(iter(units_left(SubOrder.objects.get(pk=part.pk))))
        wish = Cancellation(order.pk, {part.pk: {variant_id: 1}}, by, reason, restocks=by.side != ReversedBy.SHOP)
        cancel_units(wish, now=now)

    def _next_order(self, placed_at: datetime, *, name: str = "", quantity: int = 0) -> Order:
        """Place the next order, of a person and a quantity of each thing that are given or drawn."""
        self._count += 1
        return self._order(placed_at, name=name or self._chance.choice(NAMES), quantity=quantity)

    def _pay(self, sandbox: httpx.Client, order: Order, placed_at: datetime, *, difference: int = 0) -> None:
        """Confirm a payment as a webhook would; with a difference, the provider charges another amount."""
        payment = start_payment(order_id=order.pk, now=placed_at)
        if difference:
            fault = {"kind": "wrong_amount", "by": difference, "match": {"reference": payment.reference}}
            sandbox.post("/sandbox/faults", json=fault).raise_for_status()
        sandbox.post(f"/sandbox/transactions/{payment.reference}/pay", json={}).raise_for_status()
        confirm_payment(reference=payment.reference, now=placed_at + timedelta(minutes=3))

    def _order(self, placed_at: datetime, *, name: str, quantity: int) -> Order:
        is_ours = name == NAMES[0]
        city, state = self._chance.choice(CITIES)
        line1 = f"{self._chance.randrange(1, 90)} Market Road"
        address = Address(name=name, line1=line1, city=city, state=state, country="NG", phone="+2348030000000")
        email = BUYER.email if is_ours else f"{name.split(maxsplit=1)[0].lower()}@example.com"
        chosen = self._chance.sample(self._shelves, self._chance.choice((1, 1, 2, 3)))
        lines = [
            CartLine(shelf.variant_id, shelf.shop.pk, quantity or self._chance.choice((1, 1, 1, 2)), shelf.price_minor)
            for shelf in chosen
        ]
        request = OrderRequest(
            buyer=Buyer(email=email, user_id=self._people[BUYER.email].pk if is_ours else None),
            shipping_address=address,
            billing_address=address,
            scope="demo",
            request_key=f"demo-{self._count}",
        )
        return place_order(lines=lines, request=request, now=placed_at).order

    def _leave_unpaid(self, sandbox: httpx.Client, order: Order, placed_at: datetime) -> None:
        """Cancelled, declined, or forgotten: the last of these expires."""
        ending = self._count // EVERY_SEVENTH % 3
        if ending == 0:
            cancel_order(order_id=order.pk, now=placed_at + timedelta(minutes=8))
        elif ending == 1:
            payment = start_payment(order_id=order.pk, now=placed_at)
            sandbox.post(f"/sandbox/transactions/{payment.reference}/fail", json={}).raise_for_status()
            confirm_payment(reference=payment.reference, now=placed_at + timedelta(minutes=3))

    def _fulfil(self, order: Order, placed_at: datetime, *, day: int) -> None:
        """Older orders are further on their way."""
        for part in order.sub_orders.select_related("shop").order_by("number"):
            is_slow = self._chance.randrange(EVERY_SEVENTH) == 0
            reached = STEPS[min(max(day - 1 - is_slow, 0), len(STEPS) - 1)]
            steps = placed_at
            if reached != PartStatus.NEW:
                pack_part(shop=part.shop, number=part.number, now=(steps := steps + timedelta(hours=5)))
            if reached not in TO_SEND:
                parcel = Parcel(self._chance.choice(CARRIERS), f"NG{self._chance.randrange(10**8):08d}")
                steps += timedelta(hours=14)
                ship_part(shop=part.shop, number=part.number, parcel=parcel, now=steps)
            if reached == PartStatus.DELIVERED:
                deliver_part(shop=part.shop, number=part.number, now=steps + timedelta(hours=26))


def _shelves(shops: Mapping[str, Shop]) -> list[Shelf]:
    """Return variants with enough stock to be bought a few times."""
    shelves = []
    for slug in sorted(shops):
        shop = shops[slug]
        if shop.status != ShopStatus.LIVE:
            continue
        with schema_context(shop.schema_name):
            levels = StockLevel.objects.filter(on_hand__gte=12).select_related("variant").order_by("variant__sku")
            shelves += [Shelf(shop, level.variant_id, level.variant.price_minor) for level in levels]
    return shelves
