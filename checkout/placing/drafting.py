"""A new order as rows: unsaved instances of the market's tables and of each shop's own (docs/adr/0016)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from operator import attrgetter
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils.translation import get_language

from catalogue.services.reservations import WantedLine
from checkout.fulfilment.models import VendorOrder, VendorOrderLine
from checkout.models import FIRST_ASKED_AFTER, Order, Payment, Station, SubOrder
from checkout.placing.placed import PlacedOrder
from checkout.placing.request import OrderRequest
from checkout.pricing.adjustments import platform_discount_minor
from checkout.pricing.commission import charge_part
from checkout.pricing.quote import Quote, QuotedPart
from checkout.pricing.quoted_lines import QuotedLine
from gateway import get_provider, provider_for
from kit.db.pipeline import Query
from kit.db.rows import insert_query
from kit.db.unsaved import unsaved
from kit.ids import access_key, uuid7
from kit.text.pairs import pairs_of
from payouts.commission import Ruleset
from tenants.shops.selectors import ShopFacts

SNAPSHOT = ("sku", "title", "options", "image", "quantity", "unit_price_minor", "total_minor")
_snapshot_values = attrgetter(*SNAPSHOT)


@dataclass(frozen=True, slots=True)
class DraftPart:
    """One shop's part: the market's record of it, the shop's own with its lines, and the stock that it takes."""

    shop: ShopFacts
    sub_order: SubOrder
    vendor_order: VendorOrder
    lines: list[VendorOrderLine]
    wanted: list[WantedLine]


@dataclass(frozen=True, slots=True)
class Draft:
    """An order before it is written; its parts are sorted by the shops' schemas (docs/locking.md).

    Args:
        payment: its first attempt; None where there is nothing to pay.
    """

    order: Order
    payment: Payment | None
    parts: tuple[DraftPart, ...]

    def placed(self, *, basket_id: str) -> PlacedOrder:
        """Return the order as it was written, of a basket's part; empty where the lines come from no basket."""
        parts = [part.sub_order for part in self.parts]
        return PlacedOrder(self.order, parts, {part.shop.id: part.shop for part in self.parts}, self.payment, basket_id)

    def insert_queries(self) -> list[Query[None]]:
        """Return the queries that write every row: one of the market's own, and one of each shop's."""
        sub_orders = [part.sub_order for part in self.parts]
        return [
            insert_query(self.order, *([self.payment] if self.payment else []), *sub_orders),
            *(insert_query(part.vendor_order, part.lines, schema_name=part.shop.schema_name) for part in self.parts),
        ]


def draft_order(
    *,
    number: str,
    request: OrderRequest,
    quote: Quote,
    stations: Mapping[str, Station],
    ruleset: Ruleset,
    now: datetime,
) -> Draft:
    """Return the rows of an order for what is counted in a quote.

    Args:
        stations: those that parts go to, by the shop's slug.
        ruleset: the commission rules, the same for all parts.
    """
    order = unsaved(
        Order,
        number=number,
        buyer_id=request.buyer.user_id,
        email=request.buyer.email,
        access_key=access_key(),
        language=get_language() or "",
        return_url=request.return_url,
        **quote.amounts.columns(),
        shipping_address=request.shipping_address.as_dict(),
        billing_address=request.billing_address.as_dict(),
        vat_number=request.vat_number,
        sms_agreed_at=now if "sms" in request.texts else None,
        whatsapp_agreed_at=now if "whatsapp" in request.texts else None,
        placed_at=now,
        expires_at=now + timedelta(minutes=settings.RESERVATION_MINUTES),
    )
    payment = _draft_payment(order) if order.total_minor else None
    quoted = sorted((part for part in quote.parts if part.counted), key=lambda part: part.shop.schema_name)
    parts = tuple(
        _draft_part(order, position, part, stations.get(part.shop.slug), ruleset)
        for position, part in enumerate(quoted, start=1)
    )
    return Draft(order, payment, parts)


def _draft_payment(order: Order) -> Payment:
    provider = provider_for(currency=order.currency)
    return unsaved(
        Payment,
        order_id=order.id,
        provider=provider,
        reference=get_provider(provider).references.new(),
        amount_minor=order.total_minor,
        currency=order.currency,
        created_at=order.placed_at,
        due_at=order.placed_at + FIRST_ASKED_AFTER,
    )


def _draft_part(
    order: Order, position: int, quoted: QuotedPart, station: Station | None, ruleset: Ruleset
) -> DraftPart:
    shop, part_id, amounts = quoted.shop, uuid7(), quoted.amounts.columns()
    method = quoted.delivery.chosen
    delivery = {**method.as_dict(), "station": station.as_dict() if station else None} if method else {}
    lines = [_draft_line(part_id, line) for line in quoted.counted]
    commission = charge_part(quoted, ruleset, now=order.placed_at)
    sub_order = unsaved(
        SubOrder,
        id=part_id,
        order_id=order.id,
        shop_id=shop.id,
        number=f"{order.number}-{position}",
        **amounts,
        commission_bps=commission.bps,
        commission_minor=commission.total_minor,
        commission_tax_minor=commission.tax_minor,
        commission=commission.as_json(),
        platform_discount_minor=platform_discount_minor(quoted.adjustments),
        delivery=delivery,
        adjustments=[adjustment.as_dict() for adjustment in quoted.adjustments],
        tax=quoted.tax.as_json() if quoted.tax else {},
        lines=[_snapshot(line, each) for line, each in zip(lines, quoted.counted, strict=True)],
        status_at=order.placed_at,
    )
    vendor_order = unsaved(
        VendorOrder,
        id=part_id,
        number=sub_order.number,
        buyer_name=order.shipping_address["name"],
        buyer_email=order.email,
        shipping_address=order.shipping_address,
        delivery=delivery,
        **amounts,
        placed_at=order.placed_at,
        status_at=order.placed_at,
    )
    return DraftPart(shop, sub_order, vendor_order, lines, _wanted(lines))


def _draft_line(vendor_order_id: UUID, line: QuotedLine) -> VendorOrderLine:
    offer = line.offer
    if offer is None:
        raise ValueError("A line without an offer is never counted.")
    return unsaved(
        VendorOrderLine,
        vendor_order_id=vendor_order_id,
        variant_id=offer.variant_id,
        product_id=offer.product_id,
        sku=offer.sku,
        title=offer.title,
        options=pairs_of(offer.options),
        image=offer.image,
        quantity=line.line.quantity,
        unit_price_minor=offer.price_minor,
        total_minor=line.total_minor,
    )


def _snapshot(line: VendorOrderLine, quoted: QuotedLine) -> dict[str, Any]:
    """Return the snapshot of a line for the order: a product may change or be deleted, the order may not."""
    return {
        "variant_id": str(line.variant_id),
        "product_id": str(line.product_id),
        **dict(zip(SNAPSHOT, _snapshot_values(line), strict=True)),
        "tax_class": quoted.offer.tax_class if quoted.offer else "",
    }


def _wanted(lines: list[VendorOrderLine]) -> list[WantedLine]:
    """Return the stock to take, in primary-key order, at the price that was read."""
    wanted = [WantedLine(line.variant_id, line.quantity, line.unit_price_minor) for line in lines]
    return sorted(wanted, key=lambda line: line.variant_id)
