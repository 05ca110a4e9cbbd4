"""Tables of a shop's catalogue."""

from catalogue.models.imports import ImportState, RowState, StockImport, StockImportRow
from catalogue.models.products import Product, ProductImage, ProductStatus, Variant
from catalogue.models.stock import MovementKind, PriceChange, StockLevel, StockMovement

__all__ = [
    "ImportState",
    "MovementKind",
    "PriceChange",
    "Product",
    "ProductImage",
    "ProductStatus",
    "RowState",
    "StockImport",
    "StockImportRow",
    "StockLevel",
    "StockMovement",
    "Variant",
]
