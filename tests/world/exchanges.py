"""Products in several sizes, delivered orders of them, and exchanges of one size for another."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django_tenants.utils import schema_context

from catalogue.models import Variant
from catalogue.services.inputs import ProductInput, VariantInput
from catalogue.services.products import create_product
from checkout.fulfilling.advance_part import deliver_part, ship_part
from checkout.fulfilment.services import Parcel
from checkout.models import Order, Return, ReversedBy, SubOrder
from checkout.payments.confirm_payment import confirm_payment
from checkout.payments.start_payment import start_payment
from checkout.returning.ask_return import ReturnRequest, ask_return
from checkout.returning.decide_return import move_return
from checkout.returning.moves import Move
from checkout.returning.receive_return import Receipt, receive_return
from checkout.reversals.reverse import Actor
from paystack_sandbox.testing import SandboxProcess
from tenants.models import Shop
from tests.world.clock import NOW
from tests.world.market import Stocked
from tests.world.payments import pay

BUYER, SHOP, MARKET = Actor(ReversedBy.BUYER), Actor(ReversedBy.SHOP), Actor(ReversedBy.OPERATOR)
PRICE = 1_000_000
# M and L cost the same, S less and XL more.
PRICES = {"M": PRICE, "L": PRICE, "S": 750_000, "XL": 1_240_000}
Sizes = dict[str, Stocked]


def stock_sizes(shop: Shop, *, sku: str = "TEE", prices: dict[str, int] = PRICES, on_hand: int = 10) -> Sizes:
    """Put a product in several sizes on a shop's shelf."""
    variants = [
        VariantInput(sku=f"{sku}-{size}", price_minor=price, on_hand=on_hand, options={"Size": size})
        for size, price in prices.items()
    ]
    product = create_product(
        shop=shop, data=ProductInput(title=f"Tee {sku}", status="active", variants=variants), now=NOW
    )
    with schema_context(shop.schema_name):
        ids = dict(Variant.objects.filter(product_id=product.pk).values_list("sku", "pk"))
    return {size: Stocked(shop, product.pk, ids[f"{sku}-{size}"], price) for size, price in prices.items()}


def pay_for(order: Order, paystack: SandboxProcess, *, now: datetime = NOW) -> None:
    """Pay the due amount of an order."""
    payment = start_payment(order_id=order.pk, now=now)
    pay(paystack, payment)
    confirm_payment(reference=payment.reference, now=now)


def deliver(order: Order, *, now: datetime = NOW) -> SubOrder:
    """Send an order's one part, and have it arrive."""
    part = SubOrder.objects.select_related("shop").get(order=order)
    ship_part(shop=part.shop, number=part.number, parcel=Parcel(), now=now)
    deliver_part(shop=part.shop, number=part.number, now=now)
    return fresh(part)


def fresh(part: SubOrder) -> SubOrder:
    """Return a part as it is now."""
    return SubOrder.objects.select_related("shop", "order").get(pk=part.pk)


def ask_exchange(
    part: SubOrder, wanted: dict[UUID, UUID], *, units: dict[UUID, int] | None = None, now: datetime = NOW
) -> Return:
    """Ask for other variants instead of a unit of each line that is named."""
    asked = ReturnRequest(part, units or dict.fromkeys(wanted, 1), "It does not fit", wanted=wanted)
    return ask_return(asked, now=now)


def accept(found: Return, *, by: Actor = SHOP, now: datetime = NOW, **more: Any) -> Return:
    """Have a return accepted."""
    return move_return(return_id=found.pk, move=Move.ACCEPT, by=by, now=now, **more)


def receive(found: Return, *, by: Actor = SHOP, now: datetime = NOW, **more: Any) -> Return:
    """Have a return arrive."""
    return receive_return(Receipt(found.pk, by, **more), now=now)


def exchange(part: SubOrder, wanted: dict[UUID, UUID], *, now: datetime = NOW, **more: Any) -> Order:
    """Exchange units of a part: asked for, accepted and received; return the order of what is sent."""
    found = receive(accept(ask_exchange(part, wanted, now=now, **more), now=now), now=now)
    return Order.objects.get(exchange_of=found)
