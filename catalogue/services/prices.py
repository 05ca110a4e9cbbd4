"""Changing a variant's price."""

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.utils.translation import gettext

from catalogue.discovery.services.projection import project_products
from catalogue.errors import VariantNotFoundError
from catalogue.models import PriceChange, Variant
from catalogue.selectors.locks import lock_product
from catalogue.services.editing import editing_goods
from kit.errors import InvalidInputError

if TYPE_CHECKING:
    from tenants.models import Shop


def set_price(*, shop: "Shop", variant_id: UUID, price_minor: int, now: datetime) -> None:
    """Set a variant's price, in minor units; a was-price that is no longer above it is removed.

    Raises:
        VariantNotFoundError: the shop has no such variant.
        InvalidInputError: the price is not above zero.
    """
    if price_minor <= 0:
        raise InvalidInputError(details={"price_minor": [gettext("A price is above zero.")]})
    with editing_goods(shop) as state:
        living = Variant.objects.filter(pk=variant_id, deleted_at__isnull=True)
        product_id = living.values_list("product_id", flat=True).first()
        if product_id is None:
            raise VariantNotFoundError
        lock_product(product_id=product_id)
        variant = living.get()
        if variant.price_minor == price_minor:
            return
        variant.price_minor = price_minor
        if variant.compare_at_minor is not None and variant.compare_at_minor <= price_minor:
            variant.compare_at_minor = None
        variant.save(update_fields=["price_minor", "compare_at_minor"])
        PriceChange.objects.create(variant=variant, price_minor=price_minor, changed_at=now)
        project_products(shop_id=shop.pk, product_ids=[product_id], state=state)
