"""The API's bodies of carts and new orders, put together by hand.

These two are on every purchase's way, where making a serializer's fields costs more than reading the database.
`checkout.serializers` describes the same shapes, and a test compares the two.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils import timezone

from checkout.api.coupon_bodies import coupon_body
from checkout.cart.shown_changes import Change
from checkout.fulfilment.deadlines import deadline_of
from checkout.models import Order, SubOrder
from checkout.moves.facts import OrderFacts, PartFacts
from checkout.moves.judging import order_moves, part_moves
from checkout.moves.move import Side
from checkout.offers.words import hint_of
from checkout.placing.check_out import CheckoutResult
from checkout.pricing.adjustments import stored_body
from checkout.pricing.amounts import amounts_body
from checkout.pricing.delivery.priced import PartDelivery, PricedMethod
from checkout.pricing.quote import Quote, QuotedPart
from checkout.pricing.quoted_lines import QuotedLine
from kit.money.columns import AMOUNT_COLUMNS, AmountColumns
from kit.text.pairs import as_mapping
from tenants.models import Shop
from tenants.shops.selectors import ShopFacts

ADDRESS = ("name", "line1", "line2", "city", "state", "subdivision", "country", "postcode", "phone")
LINE = ("variant_id", "product_id", "sku", "title", "options", "quantity", "unit_price_minor", "total_minor")


def cart_body(cart: Quote, changes: Sequence[Change] = ()) -> dict[str, Any]:
    """Return a cart, as `CartOutput` describes it.

    Args:
        changes: since its buyer last looked at it.
    """
    groups = [_group_body(part) for part in cart.parts]
    totals = [_checkout_body(each) for each in cart.checkouts]
    return {
        "groups": groups,
        "amounts": None if cart.is_mixed else totals[0]["amounts"],
        "adjustments": [each for group in groups for each in group["adjustments"]],
        **{name: None if cart.is_mixed else totals[0][name] for name in AMOUNT_COLUMNS},
        "totals": totals,
        "coupons": [coupon_body(each) for each in cart.coupon_outcomes],
        "units": cart.units,
        "can_check_out": cart.can_check_out,
        "changes": [each.as_body() for each in changes],
    }


def _checkout_body(part: Quote) -> dict[str, Any]:
    return {
        **_amounts(part.amounts.columns()),
        "shops": [_shop_body(shop) for shop in part.shops],
        "can_be_paid": part.can_be_paid,
        "can_check_out": part.can_check_out,
    }


def placed_order_body(bought: CheckoutResult) -> dict[str, Any]:
    """Return a new order, as `PlacedOrderOutput` describes it."""
    order, now = bought.order, timezone.now()
    parts = [_part_body(order, part, bought.placed.shops[part.shop_id], now) for part in bought.placed.parts]
    return {
        "number": order.number,
        "status": str(order.status),
        **_row_amounts(order),
        "adjustments": [each for part in parts for each in part["adjustments"]],
        "email": order.email,
        "shipping_address": _address(order.shipping_address),
        "billing_address": _address(order.billing_address),
        "vat_number": order.vat_number,
        "texts": [*order.texts_agreed],
        **_times(order),
        "sub_orders": parts,
        "exchange_return_id": None,
        "credit_minor": 0,
        "payment_url": bought.payment_url,
        "allowed_moves": order_moves(OrderFacts.of(order, bought.placed.parts), by=Side.BUYER, now=now),
        "refunds": [],
        "returns": [],
        "access_key": order.access_key,
    }


def _row_amounts(row: AmountColumns) -> dict[str, Any]:
    """Return the amounts of a new order or part, of which nothing was given back."""
    columns = {name: getattr(row, name) for name in AMOUNT_COLUMNS}
    return {**columns, "amounts": {**amounts_body(columns), "refunded_minor": 0}}


def _amounts(columns: dict[str, Any]) -> dict[str, Any]:
    """Return amounts as fields of their own, as earlier releases' clients read them, and together."""
    return {**columns, "amounts": amounts_body(columns)}


def _times(order: Order) -> dict[str, datetime | None]:
    return {name: getattr(order, name) for name in ("placed_at", "expires_at", "paid_at")}


def _part_body(order: Order, part: SubOrder, shop: ShopFacts | Shop, now: datetime) -> dict[str, Any]:
    due = deadline_of(part, paid_at=order.paid_at, now=now)
    return {
        "number": part.number,
        "shop": _shop_body(shop),
        "status": str(part.status),
        "send_by_on": due.send_by_on,
        "arrive_by_on": due.arrive_by_on,
        "late": due.late,
        **_row_amounts(part),
        "adjustments": [stored_body(each) for each in part.adjustments],
        "tax": part.tax or None,
        "delivery": part.chosen_delivery,
        "lines": [_line_of(line, part.cancelled_units) for line in part.lines],
        "refunded_minor": part.refunded_minor,
        "shipping_address": part.own_address,
        "tracking": part.parcel,
        "delivered_by": part.delivered_by or None,
        "shipments": [],
        "times": part.times,
        "pickup_code": None,
        "unread_messages": 0,
        "allowed_moves": part_moves(PartFacts.of(part), by=Side.BUYER, now=now),
    }


def _line_of(line: Mapping[str, Any], cancelled: Mapping[str, int]) -> dict[str, Any]:
    variant_id = line["variant_id"]
    own = {
        "id": variant_id,
        "cancelled_quantity": cancelled.get(variant_id, 0),
        "sent_quantity": 0,
        "refunded_quantity": 0,
        "options": as_mapping(line["options"]),
    }
    return _picked(line, LINE) | own


def _group_body(group: QuotedPart) -> dict[str, Any]:
    returns_on = group.shop.returns_on
    return {
        **_amounts(group.amounts.columns()),
        "shop": _shop_body(group.shop),
        "returns_on": returns_on.isoformat() if returns_on else None,
        "lines": [_line_body(line) for line in group.lines],
        "adjustments": [adjustment.as_body() for adjustment in group.adjustments],
        "delivery": _delivery_body(group.delivery),
        "offer_hints": [
            {"name": each.offer.name, "missing": each.missing, "message": hint_of(each, currency=group.shop.currency)}
            for each in group.offer_hints
        ],
    }


def _delivery_body(delivery: PartDelivery) -> dict[str, Any]:
    return {
        "method": delivery.chosen.id if delivery.chosen else None,
        "is_estimate": delivery.is_estimate,
        "is_unpriced": delivery.is_unpriced,
        "methods": [_method_body(method) for method in delivery.methods],
    }


def _method_body(method: PricedMethod) -> dict[str, Any]:
    return {
        "id": method.id,
        "name": method.label,
        "kind": method.terms.kind.value,
        "price_minor": method.price_minor,
        "earliest_on": method.earliest_on.isoformat() if method.earliest_on else None,
        "latest_on": method.latest_on.isoformat() if method.latest_on else None,
        "details": method.details,
        "rate": method.rate and method.rate.value,
    }


def _shop_body(shop: ShopFacts | Shop) -> dict[str, str]:
    return {"slug": shop.slug, "name": shop.name}


def _line_body(line: QuotedLine) -> dict[str, Any]:
    offer = line.offer
    return {
        "variant_id": str(line.line.variant_id),
        "product_id": str(offer.product_id) if offer else None,
        "sku": offer.sku if offer else "",
        "title": offer.title if offer else "",
        "options": offer.options if offer else {},
        "quantity": line.line.quantity,
        "unit_price_minor": offer.price_minor if offer else None,
        "old_unit_price_minor": line.old_price_minor,
        "available": offer.available if offer else 0,
        "total_minor": line.total_minor,
        "problem": str(line.problem) if line.problem else None,
    }


def _address(stored: Mapping[str, Any]) -> dict[str, Any]:
    """Return an address as it was stored with its order; orders of earlier releases have no code of the state."""
    return {name: stored.get(name, "") for name in ADDRESS}


def _picked(values: Mapping[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    return {name: values[name] for name in names}
