"""A listing in the form that lists show."""

from collections.abc import Sequence
from typing import Any, NamedTuple
from uuid import UUID

from django.urls import reverse

from catalogue.selectors.pictures import picture_url, small_picture_url

CARD_COLUMNS = (
    "l.id, l.title, l.slug, l.brand, l.image, l.currency, l.price_minor, l.price_max_minor, l.compare_at_minor, "
    "l.is_in_stock, l.rating_sum, l.rating_count, l.category_id, l.created_at, l.shop_id, s.name, s.slug, "
    "s.terms_version"
)
CARD_WIDTH = CARD_COLUMNS.count(",") + 1


class ListingCard(NamedTuple):
    """A listing with what a card shows of it and of its shop."""

    id: UUID
    title: str
    slug: str
    brand: str
    image: str
    currency: str
    price_minor: int
    price_max_minor: int
    compare_at_minor: int | None
    is_in_stock: bool
    rating_sum: int
    rating_count: int
    category_id: int | None
    created_at: Any
    shop_id: int
    shop_name: str
    shop_slug: str
    terms_version: int = 0

    @property
    def url(self) -> str:
        """Return the address of the product's page."""
        return reverse("discovery:product", args=[self.id])

    @property
    def image_url(self) -> str:
        """Return the address of the small picture."""
        return small_picture_url(self.image)

    @property
    def large_image_url(self) -> str:
        """Return the address of the large picture."""
        return picture_url(self.image)

    @property
    def has_price_range(self) -> bool:
        """Return whether variants cost differently."""
        return self.price_max_minor > self.price_minor

    @property
    def is_sold_out(self) -> bool:
        """Return whether no variant can be had."""
        return not self.is_in_stock

    @property
    def rating_average(self) -> float | None:
        """Return the mean of its ratings, or None where there are none."""
        return round(self.rating_sum / self.rating_count, 1) if self.rating_count else None


def card_of(row: Sequence[Any]) -> ListingCard:
    """Make a card of a row that starts with `CARD_COLUMNS`."""
    return ListingCard._make(row[:CARD_WIDTH])
