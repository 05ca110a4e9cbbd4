"""Notes beside a product's price: apps above the listings contribute them in their wiring."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from catalogue.discovery.selectors.listings import ListingDetail
from kit.wiring import Contribution, contributions


@dataclass(frozen=True, slots=True)
class LowerPrice:
    """A price below the listed one, with the earlier price that it is shown beside."""

    price_minor: int
    was_minor: int


@dataclass(frozen=True, slots=True)
class PriceNotes:
    """Sentences beside the price, and lower prices by variant."""

    texts: tuple[str, ...] = ()
    lower: Mapping[UUID, LowerPrice] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ListingNotes(Contribution):
    """The notes of a listing at a moment."""

    of: Callable[[ListingDetail, datetime], PriceNotes]


def notes_of(listing: ListingDetail, now: datetime) -> PriceNotes:
    """Return the notes of all apps."""
    found = [each.of(listing, now) for each in contributions(ListingNotes)]
    lower = {variant_id: price for notes in found for variant_id, price in notes.lower.items()}
    return PriceNotes(tuple(text for notes in found for text in notes.texts), lower)
