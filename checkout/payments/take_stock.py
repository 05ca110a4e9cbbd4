"""Taking the stock of paid parts: reserved stock at once, other stock as if it were ordered now."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from checkout.coupons.claiming import has_code, reclaim_uses
from checkout.fulfilment.models import MethodKind
from checkout.fulfilment.services import (
    LockedVendorOrder,
    PartProblem,
    lock_vendor_orders,
    mark_paid_late,
    mark_unfulfillable,
    pay_reserved_queries,
)
from checkout.models import SubOrder
from checkout.payments.decide_capture import Capture
from checkout.pricing.adjustments import Adjustment, AdjustmentKind, Funder
from checkout.pricing.delivery.methods import find_delivery
from checkout.pricing.delivery.places import Destination
from checkout.pricing.placed import basis_of
from checkout.pricing.terms import NO_TERMS, find_terms
from kit.db.pipeline import Query, ask_all
from tenants.life.lifecycle import may_fulfil
from tenants.shops.selectors import ShopFacts

METHODS = frozenset(MethodKind.values)  # sources of a method's own fee


@dataclass(frozen=True, slots=True)
class Taken:
    """Result of taking stock.

    Args:
        obtained: the parts whose stock was taken.
        problems: the reasons of the other parts, which can't be fulfilled as ordered.
        queries: queries that take reserved stock; they can't fail, and run with the other writes.
    """

    obtained: frozenset[UUID] = frozenset()
    problems: dict[UUID, PartProblem] = field(default_factory=dict)
    queries: tuple[Query[Any], ...] = ()


def take_stock(capture: Capture) -> Taken:
    """Take the stock of parts off the shelves, shops in the order of their schemas.

    Where the time of an order was over, its stock and its coupons had been given back: then there has to be enough of
    them again, on sale, at the price that was paid, in a shop that sells. Where a part can't be fulfilled, the shop's
    own record says so too.
    """
    parts = [(part, shop) for part, shop in capture.parts if shop.has_schema]
    vendor_orders = lock_vendor_orders([(shop.schema_name, part.pk) for part, shop in parts])
    if all(may_fulfil(shop.status) for _, shop in parts) and all(each.is_reserved for each in vendor_orders):
        taking = [query for each in vendor_orders for query in pay_reserved_queries(each, now=capture.now)]
        return Taken(frozenset(each.id for each in vendor_orders), queries=tuple(taking))
    used_up = reclaim_uses(order_id=capture.locked.order.pk) if capture.has_discounts else frozenset()
    problems = {
        part.pk: lack
        for (part, shop), vendor_order in zip(parts, vendor_orders, strict=True)
        if (lack := _take(part, shop, vendor_order, capture, used_up)) is not None
    }
    return Taken(frozenset(part.pk for part, _ in parts if part.pk not in problems), problems)


def _take(
    part: SubOrder, shop: ShopFacts, vendor_order: LockedVendorOrder, capture: Capture, used_up: frozenset[str]
) -> PartProblem | None:
    if may_fulfil(shop.status) and vendor_order.is_reserved:
        ask_all(pay_reserved_queries(vendor_order, now=capture.now))
        return None
    lack = _lack(part, shop, capture, used_up)
    if lack is None:
        return mark_paid_late(vendor_order, shop_id=shop.id, now=capture.now)
    mark_unfulfillable(vendor_order, now=capture.now)
    return lack


def _lack(part: SubOrder, shop: ShopFacts, capture: Capture, used_up: frozenset[str]) -> PartProblem | None:
    """Return the reason why a part that is paid late can't be fulfilled, before its stock is looked at."""
    if not may_fulfil(shop.status):
        return PartProblem.SHOP_CLOSED
    if not shop.is_selling:
        return PartProblem.SHOP_NOT_SELLING
    if used_up and has_code(part, used_up):
        return PartProblem.COUPON_USED_UP
    return None if _is_delivered_at_the_price(part, shop, capture) else PartProblem.PRICE_CHANGED


def _is_delivered_at_the_price(part: SubOrder, shop: ShopFacts, capture: Capture) -> bool:
    """Return whether the shop still delivers the part by its method for the fee that was paid.

    A carrier's fee stays as it was told: no carrier is asked while rows are locked.
    """
    to = capture.locked.order.shipping_address
    basis = basis_of(
        part,
        shop=shop,
        terms=find_terms([shop]).get(shop.id, NO_TERMS),
        address=Destination(to["country"], to.get("state", ""), to.get("city", "")),
        now=capture.now,
    )
    discount = Adjustment(AdjustmentKind.DISCOUNT, "", "", Funder.SHOP, -part.discount_minor)
    delivery = find_delivery(basis, [discount])
    if delivery.chosen is None or delivery.is_choice_gone:
        return False
    return delivery.chosen.rate is not None or delivery.chosen.price_minor == _method_fee_minor(part)


def _method_fee_minor(part: SubOrder) -> int:
    """Return the fee of a part's delivery method, without what else is summed as delivery, such as gift wrap."""
    deliveries = [each for each in part.adjustments if each["kind"] == AdjustmentKind.DELIVERY]
    others_minor: int = sum(each["amount_minor"] for each in deliveries if each["source"] not in METHODS)
    return part.shipping_minor - others_minor
