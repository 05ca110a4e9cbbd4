"""The rows of a new order, written in few round trips.

The public rows go in together in one statement, each shop's in one more: on this path building model
instances and waiting for round trips are what costs (docs/adr/0006-rows-by-sql-on-the-hot-path.md).
"""

from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from psycopg import sql

from catalogue.services.reservations import ReservedLine, WantedLine
from checkout.models import Order, Payment
from checkout.selectors.carts import CartGroup, PricedCart, PricedLine
from checkout.services.placed import PART_COLUMNS, PlacedOrder, PlacedPart
from kit.ids import access_key, order_number, payment_reference, uuid7
from kit.money import commission_of
from kit.sql import execute, insert_into, qualified, together

if TYPE_CHECKING:
    from checkout.services.place_order import OrderRequest
    from tenants.selectors import ShopFacts

# What is not among a row's columns is NULL in the database as well.
ORDER_COLUMNS = tuple(field.attname for field in Order._meta.concrete_fields)  # noqa: SLF001 - documented
PAYMENT_COLUMNS = tuple(field.attname for field in Payment._meta.concrete_fields)  # noqa: SLF001 - documented
ORDERS = sql.Identifier("public", "checkout_order")
SUB_ORDERS = sql.Identifier("public", "checkout_suborder")
PAYMENTS = sql.Identifier("public", "checkout_payment")


@dataclass(frozen=True, slots=True)
class Part:
    """One shop's part of an order that is being placed."""

    id: UUID
    number: str
    group: CartGroup

    @property
    def shop(self) -> "ShopFacts":
        """The shop that fulfils it."""
        return self.group.shop

    @property
    def wanted(self) -> list[WantedLine]:
        """The lines in primary-key order, at the price that was read."""
        return [
            WantedLine(line.line.variant_id, line.line.quantity, line.offer.price_minor)
            for line in sorted(self.group.counted, key=lambda line: line.line.variant_id)
            if line.offer
        ]

    def quantity_of(self, reserved: ReservedLine) -> int:
        """Return how many of a variant this part asks for."""
        return next(line.quantity for line in self.wanted if line.variant_id == reserved.variant_id)


@dataclass(slots=True)
class Draft:
    """An order's identity before its rows are written."""

    request: "OrderRequest"
    placed_at: datetime
    expires_at: datetime
    id: UUID = field(default_factory=uuid7)
    number: str = field(default_factory=order_number)
    reference: str = field(default_factory=payment_reference)
    _parts: list[Part] = field(default_factory=list)

    def parts(self, cart: PricedCart) -> list[Part]:
        """Return the shops' parts, in the order of their schemas (docs/locking.md)."""
        if not self._parts:
            groups = sorted((g for g in cart.groups if g.counted), key=lambda group: group.shop.schema_name)
            self._parts = [
                Part(id=uuid7(), number=f"{self.number}-{position}", group=group)
                for position, group in enumerate(groups, start=1)
            ]
        return self._parts


def draft_order(request: "OrderRequest", *, now: datetime, expires_at: datetime) -> Draft:
    """Give an order its identity; nothing is written yet."""
    return Draft(request=request, placed_at=now, expires_at=expires_at)


def write_rows(draft: Draft, cart: PricedCart) -> PlacedOrder:
    """Write the order, its parts and its first payment, then each shop's own record of its part."""
    order, payment = _order_row(draft, cart), _payment_row(draft, cart)
    sub_orders = [_sub_order_row(draft, part) for part in draft.parts(cart)]
    execute(
        *together([insert_into(ORDERS, [order]), insert_into(SUB_ORDERS, sub_orders), insert_into(PAYMENTS, [payment])])
    )
    for part in draft.parts(cart):
        schema_name = part.shop.schema_name
        execute(
            *together(
                [
                    insert_into(qualified(schema_name, "fulfilment_vendororder"), [_vendor_order_row(draft, part)]),
                    insert_into(qualified(schema_name, "fulfilment_vendororderline"), list(_line_rows(part))),
                ]
            )
        )
    return PlacedOrder(
        order=Order.from_db("default", ORDER_COLUMNS, [order.get(name) for name in ORDER_COLUMNS]),
        parts=tuple(_placed_part(part, row) for part, row in zip(draft.parts(cart), sub_orders, strict=True)),
        payment=Payment.from_db("default", PAYMENT_COLUMNS, [payment.get(name) for name in PAYMENT_COLUMNS]),
    )


def _placed_part(part: Part, row: dict[str, Any]) -> PlacedPart:
    own = {name: row[name] for name in PART_COLUMNS}
    return PlacedPart(shop_slug=part.shop.slug, shop_name=part.shop.name, **own)


def _order_row(draft: Draft, cart: PricedCart) -> dict[str, Any]:
    request = draft.request
    return {
        "id": draft.id,
        "number": draft.number,
        "buyer_id": request.buyer.user_id,
        "email": request.buyer.email,
        "access_key": access_key(),
        "status": "pending",
        "currency": cart.currency,
        "items_minor": cart.items_minor,
        "shipping_minor": cart.shipping_minor,
        "total_minor": cart.total_minor,
        "shipping_address": asdict(request.shipping_address),
        "billing_address": asdict(request.billing_address),
        "placed_at": draft.placed_at,
        "expires_at": draft.expires_at,
    }


def _payment_row(draft: Draft, cart: PricedCart) -> dict[str, Any]:
    return {
        "id": uuid7(),
        "order_id": draft.id,
        "provider": "paystack",
        "reference": draft.reference,
        "amount_minor": cart.total_minor,
        "currency": cart.currency,
        "status": "created",
        "payment_url": "",
        "provider_id": "",
        "channel": "",
        "note": "",
        "created_at": draft.placed_at,
    }


def _sub_order_row(draft: Draft, part: Part) -> dict[str, Any]:
    shop = part.shop
    return {
        "id": part.id,
        "order_id": draft.id,
        "shop_id": shop.id,
        "number": part.number,
        "status": "pending",
        **_amounts(part.group),
        "commission_bps": shop.commission_bps,
        "commission_minor": commission_of(part.group.items_minor, shop.commission_bps),
        "lines": [_snapshot(line) for line in part.group.counted],
        "tracking": {},
        "status_at": draft.placed_at,
    }


def _vendor_order_row(draft: Draft, part: Part) -> dict[str, Any]:
    address = asdict(draft.request.shipping_address)
    return {
        "id": part.id,
        "number": part.number,
        "status": "pending",
        "stock_state": "reserved",
        "buyer_name": address["name"],
        "buyer_email": draft.request.buyer.email,
        "shipping_address": address,
        **_amounts(part.group),
        "placed_at": draft.placed_at,
        "status_at": draft.placed_at,
    }


def _amounts(group: CartGroup) -> dict[str, Any]:
    return {
        "currency": group.shop.currency,
        "items_minor": group.items_minor,
        "shipping_minor": group.shipping_minor,
        "total_minor": group.items_minor + group.shipping_minor,
    }


def _line_rows(part: Part) -> Iterator[dict[str, Any]]:
    for line in part.group.counted:
        snapshot = _snapshot(line)
        yield {
            **snapshot,
            "vendor_order_id": part.id,
            "variant_id": line.line.variant_id,
            "product_id": line.offer.product_id if line.offer else None,
        }


def _snapshot(line: PricedLine) -> dict[str, Any]:
    """Return a line as it is at this moment; the product may change or go, the order may not."""
    offer = line.offer
    if offer is None:
        raise ValueError("A line without an offer is never counted.")
    return {
        "variant_id": str(offer.variant_id),
        "product_id": str(offer.product_id),
        "sku": offer.sku,
        "title": offer.title,
        "options": offer.options,
        "image": offer.image,
        "quantity": line.line.quantity,
        "unit_price_minor": offer.price_minor,
        "total_minor": line.total_minor,
    }
