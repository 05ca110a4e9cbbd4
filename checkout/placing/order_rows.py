"""The rows of a new order, all of them in one round trip.

Order and payment go in by one statement, each shop's part by one more, and so does each shop's own record of it: on
this path building model instances and waiting for answers is what costs
(docs/adr/0006-rows-by-sql-on-the-hot-path.md).
"""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any
from uuid import UUID

from psycopg import sql

from catalogue.services.reservations import WantedLine
from checkout.models import Order, Payment
from checkout.placing.placed import PART_COLUMNS, PlacedOrder, PlacedPart
from checkout.pricing.amounts import Amounts
from checkout.pricing.quote import Quote, QuotedPart
from checkout.pricing.quoted_lines import QuotedLine
from kit.db.pipeline import Query, as_json, written
from kit.db.sql import REMEMBERED, insert_text, qualified
from kit.ids import access_key, order_number, payment_reference, uuid7
from payouts.commission import commission_of

if TYPE_CHECKING:
    from checkout.placing.place_order import OrderRequest
    from tenants.selectors import ShopFacts

# What is not among a row's columns is NULL in the database as well.
ORDER_COLUMNS = tuple(field.attname for field in Order._meta.concrete_fields)  # noqa: SLF001 - documented
PAYMENT_COLUMNS = tuple(field.attname for field in Payment._meta.concrete_fields)  # noqa: SLF001 - documented
ORDERS = sql.Identifier("public", "checkout_order")
SUB_ORDERS = sql.Identifier("public", "checkout_suborder")
PAYMENTS = sql.Identifier("public", "checkout_payment")

# Lines come as JSON, the very text that the sub-order keeps: so the statement is the same for any number of them.
LINES = """
WITH record AS ({record})
INSERT INTO {lines} (vendor_order_id, variant_id, product_id, sku, title, options, image, quantity, unit_price_minor,
                     total_minor)
SELECT $1::uuid, line.*
  FROM json_to_recordset({json}) AS line (variant_id uuid, product_id uuid, sku text, title text, options jsonb,
                                          image text, quantity int, unit_price_minor bigint, total_minor bigint)
"""


@dataclass(frozen=True)
class Part:
    """One shop's part of an order that is being placed."""

    id: UUID
    number: str
    group: QuotedPart

    @property
    def shop(self) -> "ShopFacts":
        """The shop that fulfils it."""
        return self.group.shop

    @cached_property
    def wanted(self) -> list[WantedLine]:
        """The lines in primary-key order, at the price that was read."""
        return [
            WantedLine(line.line.variant_id, line.line.quantity, line.offer.price_minor)
            for line in sorted(self.group.counted, key=lambda line: line.line.variant_id)
            if line.offer
        ]

    @cached_property
    def lines(self) -> list[dict[str, Any]]:
        """The lines as they are at this moment; a product may change or go, the order may not."""
        return [_snapshot(line) for line in self.group.counted]

    @property
    def amounts(self) -> Amounts:
        """What it costs."""
        return self.group.amounts


class Draft:
    """An order before its rows are written: its identity, and its parts in the order of the shops' schemas."""

    def __init__(self, request: "OrderRequest", *, now: datetime, expires_at: datetime) -> None:
        self.request = request
        self.placed_at = now
        self.expires_at = expires_at
        self.id = uuid7()
        self.number = order_number()
        self.shipping_address = request.shipping_address.as_dict()
        self.billing_address = request.billing_address.as_dict()

    def parts(self, cart: Quote) -> list[Part]:
        """Return the shops' parts, in the order of their schemas (docs/locking.md)."""
        groups = sorted((part for part in cart.parts if part.counted), key=lambda group: group.shop.schema_name)
        return [
            Part(id=uuid7(), number=f"{self.number}-{position}", group=group)
            for position, group in enumerate(groups, start=1)
        ]


def rows_of(draft: Draft, amounts: Amounts, parts: list[Part]) -> tuple[PlacedOrder, list[Query[None]]]:
    """Return an order as it will be, and what writes it, its first payment and each shop's record of its part."""
    address = as_json(draft.shipping_address)
    order, payment = _order_row(draft, amounts), _payment_row(draft, amounts)
    placed_parts, queries = [], [_order_query(draft, order, payment, address)]
    for part in parts:
        lines, sub_order = as_json(part.lines), _sub_order_row(draft, part)
        queries += [_sub_order_query(sub_order, lines), _record_query(draft, part, address, lines)]
        placed_parts.append(_placed_part(part, sub_order))
    placed = PlacedOrder(
        order=Order.from_db("default", ORDER_COLUMNS, [order.get(name) for name in ORDER_COLUMNS]),
        parts=tuple(placed_parts),
        payment=Payment.from_db("default", PAYMENT_COLUMNS, [payment.get(name) for name in PAYMENT_COLUMNS]),
    )
    return placed, queries


def _placed_part(part: Part, row: dict[str, Any]) -> PlacedPart:
    own = {name: row[name] for name in PART_COLUMNS}
    return PlacedPart(shop_slug=part.shop.slug, shop_name=part.shop.name, **own)


def _order_query(draft: Draft, order: dict[str, Any], payment: dict[str, Any], address: str) -> Query[None]:
    is_same = draft.billing_address == draft.shipping_address
    billing = address if is_same else as_json(draft.billing_address)
    values = {**order, "shipping_address": address, "billing_address": billing}
    return Query(_order_text(tuple(order), tuple(payment)), [*values.values(), *payment.values()], written)


def _sub_order_query(row: dict[str, Any], lines: str) -> Query[None]:
    values = {**row, "lines": lines, "tracking": "{}"}
    return Query(_sub_order_text(tuple(row)), [*values.values()], written)


def _record_query(draft: Draft, part: Part, address: str, lines: str) -> Query[None]:
    row = _vendor_order_row(draft, part, address)
    return Query(_record_text(part.shop.schema_name, tuple(row)), [*row.values(), lines], written)


@lru_cache(maxsize=1)
def _order_text(order: tuple[str, ...], payment: tuple[str, ...]) -> str:
    paid = insert_text(PAYMENTS, payment, first=len(order) + 1)
    return f"WITH placed AS ({insert_text(ORDERS, order)}) {paid}"


@lru_cache(maxsize=1)
def _sub_order_text(columns: tuple[str, ...]) -> str:
    return insert_text(SUB_ORDERS, columns)


@lru_cache(maxsize=REMEMBERED)
def _record_text(schema_name: str, columns: tuple[str, ...]) -> str:
    return LINES.format(
        record=insert_text(qualified(schema_name, "fulfilment_vendororder"), columns),
        lines=qualified(schema_name, "fulfilment_vendororderline").as_string(None),
        json=f"${len(columns) + 1}",
    )


def _order_row(draft: Draft, amounts: Amounts) -> dict[str, Any]:
    request = draft.request
    return {
        "id": draft.id,
        "number": draft.number,
        "buyer_id": request.buyer.user_id,
        "email": request.buyer.email,
        "access_key": access_key(),
        "status": "pending",
        **amounts.columns(),
        "shipping_address": draft.shipping_address,
        "billing_address": draft.billing_address,
        "placed_at": draft.placed_at,
        "expires_at": draft.expires_at,
    }


def _payment_row(draft: Draft, amounts: Amounts) -> dict[str, Any]:
    return {
        "id": uuid7(),
        "order_id": draft.id,
        "provider": "paystack",
        "reference": payment_reference(),
        "amount_minor": amounts.total_minor,
        "currency": amounts.currency,
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
        **part.amounts.columns(),
        "commission_bps": shop.commission_bps,
        "commission_minor": commission_of(
            items_minor=part.amounts.items_minor,
            shop_discount_minor=part.group.shop_discount_minor,
            rate_bps=shop.commission_bps,
        ),
        "lines": part.lines,
        "tracking": {},
        "status_at": draft.placed_at,
    }


def _vendor_order_row(draft: Draft, part: Part, address: str) -> dict[str, Any]:
    return {
        "id": part.id,
        "number": part.number,
        "status": "pending",
        "stock_state": "reserved",
        "buyer_name": draft.shipping_address["name"],
        "buyer_email": draft.request.buyer.email,
        "shipping_address": address,
        **part.amounts.columns(),
        "placed_at": draft.placed_at,
        "status_at": draft.placed_at,
    }


def _snapshot(line: QuotedLine) -> dict[str, Any]:
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
