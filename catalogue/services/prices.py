"""Changing a variant's price, and price and stock at once."""

from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple
from uuid import UUID

from django.utils.translation import gettext

from catalogue.discovery.services.projection import project_products
from catalogue.errors import PriceMovedError, VariantNotFoundError
from catalogue.models import PriceChange, Variant
from catalogue.selectors.locks import lock_product, lock_stock_level
from catalogue.services.editing import editing_goods
from catalogue.services.stock import Count, save_count
from catalogue.services.validation import MAX_PRICE_MINOR
from kit.errors import InvalidInputError

if TYPE_CHECKING:
    from tenants.models import Shop


class Price(NamedTuple):
    """Price of a variant in minor units; `if_price_minor` is the current one required for a write, or None."""

    price_minor: int
    if_price_minor: int | None = None


def set_price(
    *, shop: "Shop", variant_id: UUID, price_minor: int, now: datetime, if_price_minor: int | None = None
) -> Variant:
    """Set a variant's price, in minor units; a was-price that is no longer above it is removed.

    Args:
        if_price_minor: the price that was read before; where it is another by now, nothing is written.

    Raises:
        VariantNotFoundError: the shop has no such variant.
        InvalidInputError: the price is not above zero, or beyond reason.
        PriceMovedError: `if_price_minor` is not the price; nothing is changed.
    """
    price = Price(price_minor, if_price_minor)
    return correct_variant(shop=shop, variant_id=variant_id, price=price, count=None, source="", now=now)


def correct_variant(
    *, shop: "Shop", variant_id: UUID, price: Price | None, count: Count | None, source: str, now: datetime
) -> Variant:
    """Set a variant's price and its stock on hand, both or neither; None leaves one as it is.

    Args:
        source: names who counted.

    Raises:
        VariantNotFoundError: the shop has no such variant.
        InvalidInputError: the price or the count is no possible one.
        PriceMovedError, StockMovedError: another value than the one that was read before is there.
        StockBelowReservedError: more than the count is promised to orders.
    """
    with editing_goods(shop) as state:
        living = Variant.objects.filter(pk=variant_id, deleted_at__isnull=True)
        product_id = living.values_list("product_id", flat=True).first()
        if product_id is None:
            raise VariantNotFoundError
        lock_product(product_id=product_id)
        variant = living.get()
        variant.stock = lock_stock_level(variant_id=variant_id)
        is_changed = _save_price(variant, price, now) if price else False
        if count is not None:
            is_changed |= save_count(variant.stock, count, source=source, now=now)
        if is_changed:
            project_products(shop_id=shop.pk, product_ids=[product_id], state=state)
    return variant


def _save_price(variant: Variant, price: Price, now: datetime) -> bool:
    """Write a price into a variant of a locked product; return whether it is another one."""
    if not 0 < price.price_minor <= MAX_PRICE_MINOR:
        raise InvalidInputError(details={"price_minor": [gettext("A price is more than zero, and within reason.")]})
    if price.if_price_minor not in {None, variant.price_minor}:
        raise PriceMovedError(details={"current": variant.price_minor})
    if variant.price_minor == price.price_minor:
        return False
    variant.price_minor = price.price_minor
    if variant.compare_at_minor is not None and variant.compare_at_minor <= price.price_minor:
        variant.compare_at_minor = None
    variant.save(update_fields=["price_minor", "compare_at_minor"])
    PriceChange.objects.create(variant=variant, price_minor=price.price_minor, changed_at=now)
    return True
