"""Row locks of a shop's catalogue; each needs an open transaction inside the shop's schema.

The order is product, then stock levels in primary-key order, then what discovery locks.
"""

from collections.abc import Collection
from uuid import UUID

from catalogue.errors import ProductNotFoundError, VariantNotFoundError
from catalogue.models import Product, StockLevel


def lock_product(*, product_id: UUID) -> Product:
    """Lock a product that is not deleted.

    Raises:
        ProductNotFoundError: the shop has no such product.
    """
    product = Product.objects.select_for_update().filter(id=product_id, deleted_at__isnull=True).first()
    if product is None:
        raise ProductNotFoundError
    return product


def lock_stock_levels(*, variant_ids: Collection[UUID]) -> dict[UUID, StockLevel]:
    """Lock stock levels in primary-key order; variants without one are left out."""
    levels = StockLevel.objects.select_for_update().filter(variant_id__in=variant_ids).order_by("variant_id")
    return {level.variant_id: level for level in levels}


def lock_stock_level(*, variant_id: UUID) -> StockLevel:
    """Lock the stock level of a variant that is not deleted.

    Raises:
        VariantNotFoundError: the shop has no such variant.
    """
    level = (
        StockLevel.objects.select_for_update(of=("self",))
        .filter(variant_id=variant_id, variant__deleted_at__isnull=True, variant__product__deleted_at__isnull=True)
        .first()
    )
    if level is None:
        raise VariantNotFoundError
    return level
