"""Requested lines, before they have a price."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class CartLine:
    """A quantity of a variant in a cart."""

    variant_id: UUID
    shop_id: int
    quantity: int
    seen_price_minor: int
