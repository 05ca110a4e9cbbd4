"""Shops and products for the orders to come, each with exactly the stock that they need."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django_tenants.utils import schema_context

from catalogue.models import StockMovement, Variant
from catalogue.services.inputs import ProductInput, VariantInput
from catalogue.services.products import create_products
from catalogue.services.stock import adjust_stock
from replay.source import Seller, Source
from tenants.life.provisioning import provision_shop
from tenants.models import Shop, ShopStatus

SLUG_PREFIX = "replay-"
CURRENCY = "GHS"  # the files' figures are reais; as naira, many orders would be below the smallest charge
SLUG_CHARACTERS = 12


@dataclass(slots=True)
class Shelf:
    """The variant of a seller's product, and its present price."""

    shop: Shop
    variant_id: UUID
    price_minor: int


@dataclass(slots=True)
class Market:
    """The shops and shelves of a replay."""

    shops: dict[str, Shop] = field(default_factory=dict)
    shelves: dict[tuple[str, str], Shelf] = field(default_factory=dict)


def slug_of(seller_id: str) -> str:
    """Return the address of a seller's shop."""
    return f"{SLUG_PREFIX}{seller_id[:SLUG_CHARACTERS]}"


def open_market(source: Source, *, now: datetime, advance: Callable[[], None]) -> Market:
    """Create missing shops and products; those of an earlier run are used again.

    Args:
        advance: called after each shop.
    """
    market = Market()
    known = {shop.slug: shop for shop in Shop.objects.filter(slug__in=[slug_of(i) for i in source.sellers])}
    needed = _by_seller(source.stock_needed())
    prices = source.first_prices()
    for seller in source.sellers.values():
        shop = known.get(slug_of(seller.id)) or _open_shop(seller, now=now)
        market.shops[seller.id] = shop
        for product_id, shelf in _stock(shop, source, seller, needed[seller.id], prices, now=now).items():
            market.shelves[seller.id, product_id] = shelf
        advance()
    return market


def _open_shop(seller: Seller, *, now: datetime) -> Shop:
    return provision_shop(
        slug=slug_of(seller.id),
        name=f"{seller.city.title()} {seller.id[:4]}",
        owner_id=None,
        now=now,
        status=ShopStatus.LIVE,
        city=seller.city.title(),
        currency=CURRENCY,
    )


def _stock(
    shop: Shop,
    source: Source,
    seller: Seller,
    needed: Counter[str],
    prices: dict[tuple[str, str], int],
    *,
    now: datetime,
) -> dict[str, Shelf]:
    """Create the products that are missing, and bring the others' stock up to what is needed in all."""
    before = _shelves(shop)
    new = [
        _product(product_id, source.categories.get(product_id, ""), prices[seller.id, product_id], units)
        for product_id, units in needed.items()
        if product_id not in before
    ]
    if new:
        create_products(shop=shop, products=new, now=now)
    received = _received(shop)
    for product_id, units in needed.items():
        if product_id in before and (missing := units - received[product_id]) > 0:
            variant_id = before[product_id].variant_id
            adjust_stock(shop=shop, variant_id=variant_id, change=missing, source="replay", now=now)
    return _shelves(shop)


def _product(product_id: str, category: str, price_minor: int, units: int) -> ProductInput:
    kind = category.replace("_", " ").capitalize() or "Product"
    return ProductInput(
        title=f"{kind} {product_id[:6]}",
        status="active",
        variants=[VariantInput(sku=product_id, price_minor=price_minor, on_hand=units)],
    )


def _shelves(shop: Shop) -> dict[str, Shelf]:
    with schema_context(shop.schema_name):
        rows = Variant.objects.filter(deleted_at__isnull=True).values_list("sku", "id", "price_minor")
        return {sku: Shelf(shop, variant_id, price_minor) for sku, variant_id, price_minor in rows}


def _received(shop: Shop) -> Counter[str]:
    """Return the number of units of each product that were ever stocked."""
    with schema_context(shop.schema_name):
        incoming = StockMovement.objects.filter(quantity__gt=0).values_list("variant__sku", "quantity")
        received: Counter[str] = Counter()
        for sku, quantity in incoming:
            received[sku] += quantity
        return received


def _by_seller(needed: Counter[tuple[str, str]]) -> dict[str, Counter[str]]:
    grouped: dict[str, Counter[str]] = {}
    for (seller_id, product_id), units in needed.items():
        grouped.setdefault(seller_id, Counter())[product_id] += units
    return grouped
