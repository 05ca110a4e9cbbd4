"""A shop's part of an order that was placed, priced anew by today's terms."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from catalogue.selectors.offers import Offer, Offers, read_offers
from checkout.models import SubOrder
from checkout.pricing.basis import Address, Basis
from checkout.pricing.choices import Choices
from checkout.pricing.coupons.planning import NO_PART_COUPONS
from checkout.pricing.delivery.methods import STATION_AFTER
from checkout.pricing.lines import CartLine
from checkout.pricing.quoted_lines import QuotedLine
from checkout.pricing.terms import Terms
from tenants.shops.selectors import ShopFacts


def basis_of(part: SubOrder, *, shop: ShopFacts, terms: Terms, address: Address, now: datetime) -> Basis:
    """Return the units that are left of a part, at the prices and with the method of then, ready to be priced now."""
    return Basis(
        shop=shop,
        lines=_lines(part, shop),
        terms=terms,
        address=address,
        choices=Choices(delivery={shop.slug: _choice(part)}),
        coupons=NO_PART_COUPONS,
        now=now,
    )


def _choice(part: SubOrder) -> str:
    station = part.delivery.get("station")
    method_id = str(part.delivery.get("method_id", ""))
    return f"{method_id}{STATION_AFTER}{station['id']}" if station else method_id


def _lines(part: SubOrder, shop: ShopFacts) -> tuple[QuotedLine, ...]:
    """Return the lines at the prices of then, whether or not they are on sale today."""
    found: Offers = read_offers({shop.schema_name: [UUID(line["variant_id"]) for line in part.lines]})
    return tuple(_line(line, shop, found) for line in part.counted_lines if line["left"])


def _line(line: Mapping[str, Any], shop: ShopFacts, found: Offers) -> QuotedLine:
    variant_id, price_minor = UUID(line["variant_id"]), int(line["unit_price_minor"])
    today = found.get(variant_id) or Offer(
        variant_id, UUID(line["product_id"]), line["sku"], line["title"], {}, price_minor, 0, is_on_sale=True, image=""
    )
    wanted = CartLine(variant_id, shop.id, line["left"], price_minor)
    return QuotedLine(wanted, replace(today, price_minor=price_minor, is_on_sale=True), None)
