"""Purchases, the states that they come to, and the ways to undo them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from django.db.models import Sum

from accounts.models import User
from checkout.ending.end_orders import cancel_order
from checkout.fulfilling.advance_part import deliver_part, ship_part
from checkout.fulfilling.send_parcel import send_parcel
from checkout.fulfilment.services import Parcel
from checkout.models import Order, Refund, ReversedBy, SubOrder
from checkout.payments.confirm_payment import confirm_payment
from checkout.payments.start_payment import start_payment
from checkout.returning.ask_return import ReturnRequest, ask_return
from checkout.returning.decide_return import move_return
from checkout.returning.moves import Move
from checkout.returning.receive_return import Receipt, receive_return
from checkout.reversals.cancel_units import Cancellation, cancel_units
from checkout.reversals.choosing import choose_units
from checkout.reversals.refund_part import PartRefund, refund_part
from checkout.reversals.reverse import Actor
from kit.work import outbox
from notifications.models import Email
from paystack_sandbox.testing import SandboxProcess
from tenants.models import Role
from tenants.staff.members import add_member
from tests.world.clock import TODAY
from tests.world.exchanges import Sizes, exchange, stock_sizes
from tests.world.factories.people import person
from tests.world.market import Stocked, buy, open_shop, order_request
from tests.world.payments import pay

UNIT, DELIVERY, QUANTITY, CHEAPER = 1_850_000, 150_000, 3, 50_000
PRICES = {"M": UNIT, "L": UNIT, "S": UNIT - CHEAPER}
BUYER = "buyer@example.com"
Act = Callable[["Purchase"], object]


@dataclass(frozen=True)
class Purchase:
    """An order of three units from each of some shops; what is tried is tried on the part of the first."""

    order: Order
    items: list[Stocked]
    sizes: Sizes = field(default_factory=dict)

    @property
    def part(self) -> SubOrder:
        return SubOrder.objects.select_related("shop", "order").get(order=self.order, shop=self.items[0].shop)

    @property
    def one(self) -> dict[UUID, int]:
        return {self.items[0].variant_id: 1}

    def measured(self) -> tuple[int, list[int], set[str]]:
        """Return the sum of the refunds, the stock on hand, and the readers of letters."""
        outbox.relay(now=TODAY)
        back = Refund.objects.aggregate(total=Sum("amount_minor"))["total"] or 0
        return back, [item.level()[0] for item in self.items], set(Email.objects.values_list("to", flat=True))


def purchase_of(item: Stocked, *, email: str) -> Purchase:
    """Order three units of one thing."""
    return Purchase(buy(item.line(QUANTITY), now=TODAY, request=order_request(email=email)), [item])


def not_paid(_: Purchase, __: SandboxProcess) -> None:
    """Leave it unpaid."""


def paid(purchase: Purchase, paystack: SandboxProcess) -> None:
    payment = start_payment(order_id=purchase.order.pk, now=TODAY)
    pay(paystack, payment)
    confirm_payment(reference=payment.reference, now=TODAY)


def partly_sent(purchase: Purchase, paystack: SandboxProcess) -> None:
    paid(purchase, paystack)
    part = purchase.part
    send_parcel(shop=part.shop, number=part.number, parcel=Parcel(), lines=purchase.one, now=TODAY)


def delivered(purchase: Purchase, paystack: SandboxProcess) -> None:
    paid(purchase, paystack)
    for part in SubOrder.objects.filter(order=purchase.order).select_related("shop"):
        ship_part(shop=part.shop, number=part.number, parcel=Parcel(), now=TODAY)
        deliver_part(shop=part.shop, number=part.number, now=TODAY)


def end_unpaid(purchase: Purchase) -> object:
    return cancel_order(order_id=purchase.order.pk, now=TODAY)


def cancel_whole(purchase: Purchase) -> object:
    parts = list(SubOrder.objects.filter(order=purchase.order).select_related("shop"))
    return cancel_units(Cancellation(purchase.order.pk, choose_units(parts), Actor(ReversedBy.BUYER)), now=TODAY)


def cancel_one(side: ReversedBy) -> Act:
    def act(purchase: Purchase) -> object:
        wish = Cancellation(purchase.order.pk, {purchase.part.pk: purchase.one}, Actor(side), "Torn")
        return cancel_units(wish, now=TODAY)

    return act


def refund_one(side: ReversedBy) -> Act:
    def act(purchase: Purchase) -> object:
        return refund_part(PartRefund(purchase.part, Actor(side), "It was late", units=purchase.one), now=TODAY)

    return act


def give_goodwill(purchase: Purchase) -> object:
    wish = PartRefund(purchase.part, Actor(ReversedBy.OPERATOR), "It was late", goodwill_minor=5_000)
    return refund_part(wish, now=TODAY)


def send_one_back(purchase: Purchase) -> object:
    found = ask_return(ReturnRequest(purchase.part, purchase.one, "It is torn"), now=TODAY)
    shop = Actor(ReversedBy.SHOP)
    move_return(return_id=found.pk, move=Move.ACCEPT, by=shop, now=TODAY, text="Bring it to our counter.")
    return receive_return(Receipt(found.pk, shop), now=TODAY + timedelta(minutes=1))


def exchange_one(size: str) -> Act:
    def act(purchase: Purchase) -> object:
        return exchange(purchase.part, {purchase.items[0].variant_id: purchase.sizes[size].variant_id}, now=TODAY)

    return act


def bought(count: int) -> tuple[Purchase, User]:
    """Return an order over some shops, and the owner of the first."""
    shops = [open_shop(slug, shipping_minor=DELIVERY) for slug in ("indigo", "copper", "clay")[:count]]
    sizes = [stock_sizes(shop, prices=PRICES) for shop in shops]
    items = [each["M"] for each in sizes]
    owner = person(email="owner@example.com")
    add_member(shop_id=items[0].shop.pk, user_id=owner.pk, role=Role.OWNER, now=TODAY)
    lines = [item.line(QUANTITY) for item in items]
    return Purchase(buy(*lines, now=TODAY, request=order_request(email=BUYER)), items, sizes[0]), owner
