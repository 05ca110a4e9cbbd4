"""Notes beside a product's price: apps above the listings contribute them in their wiring."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from catalogue.discovery.selectors.cards import ListingCard
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
class LowerPrices:
    """Lower prices of listings in a list, by listing.

    Args:
        until: when others may begin or these may end; None: never, as far as is known.
    """

    by_listing: Mapping[UUID, LowerPrice] = field(default_factory=dict)
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class ListPrices(Contribution):
    """The lower prices of the listings of a list at a moment, in no statement for each of them."""

    is_single = True
    of: Callable[[Sequence[ListingCard], datetime], LowerPrices]


@dataclass(frozen=True, slots=True)
class ListingNotes(Contribution):
    """The notes of a listing at a moment."""

    of: Callable[[ListingDetail, datetime], PriceNotes]


def notes_of(listing: ListingDetail, now: datetime) -> PriceNotes:
    """Return the notes of all apps."""
    found = [each.of(listing, now) for each in contributions(ListingNotes)]
    lower = {variant_id: price for notes in found for variant_id, price in notes.lower.items()}
    return PriceNotes(tuple(text for notes in found for text in notes.texts), lower)


def asked_prices(listing: ListingDetail, lower: Mapping[UUID, LowerPrice]) -> list[int]:
    """Return the price that is asked now for each variant of a listing."""
    return [
        lower[variant.id].price_minor if variant.id in lower else variant.price_minor for variant in listing.variants
    ] or [listing.price_minor]


def lower_prices(cards: Sequence[ListingCard], now: datetime) -> LowerPrices:
    """Return the lower prices of listings in a list."""
    [contributed] = contributions(ListPrices)
    return contributed.of(cards, now)


def at_lower_prices(cards: Sequence[ListingCard], now: datetime) -> list[ListingCard]:
    """Return cards as pages show them: at their lower prices, with the earlier ones struck through."""
    lower = lower_prices(cards, now).by_listing
    if not lower:
        return list(cards)
    return [
        card._replace(price_minor=found.price_minor, compare_at_minor=found.was_minor)
        if (found := lower.get(card.id))
        else card
        for card in cards
    ]
