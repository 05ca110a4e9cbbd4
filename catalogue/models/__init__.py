"""Tables of a shop's catalogue."""

from catalogue.models.products import Product, ProductImage, ProductStatus, Variant
from catalogue.models.stock import MovementKind, PriceChange, StockLevel, StockMovement

__all__ = [
    "MovementKind",
    "PriceChange",
    "Product",
    "ProductImage",
    "ProductStatus",
    "StockLevel",
    "StockMovement",
    "Variant",
]
