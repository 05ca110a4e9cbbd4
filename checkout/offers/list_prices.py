"""Lower prices of the listings of a list, by the automatic offers that hold now."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from catalogue.discovery.price_notes import LowerPrice, LowerPrices
from catalogue.discovery.selectors.cards import ListingCard
from checkout.models import OfferKind
from checkout.pricing.offers.planning import cut_minor, is_for
from checkout.pricing.terms import find_terms
from checkout.pricing.terms.offers import OfferTerms
from kit.money import smallest_unit


@dataclass(frozen=True, slots=True)
class _Shop:
    id: int
    terms_version: int


def list_prices(cards: Sequence[ListingCard], now: datetime) -> LowerPrices:
    """Return the lower prices of listings; terms that this process does not know are read in one statement for all."""
    terms = find_terms({_Shop(card.shop_id, card.terms_version): None for card in cards})
    cuts = {
        shop_id: [offer for offer in each.offers if offer.kind is OfferKind.PRICE_CUT]
        for shop_id, each in terms.items()
        if each.offers
    }
    if not any(cuts.values()):
        return LowerPrices()
    holding = {shop_id: [offer for offer in own if offer.holds(now)] for shop_id, own in cuts.items()}
    found = {card.id: lower for card in cards if (lower := _lower(card, holding.get(card.shop_id, ()))) is not None}
    return LowerPrices(found, _next_change(cuts.values(), now))


def _lower(card: ListingCard, offers: Iterable[OfferTerms]) -> LowerPrice | None:
    """Return the lower price of a listing's cheapest variant.

    An offer keeps the least that was asked for any variant under the product's own id, and takes the more off the
    higher that price is: so the least of both is the earlier price of the cheapest variant.
    """
    pairs = [
        cut_minor(offer, variant_id=card.id, price_minor=card.price_minor, unit=smallest_unit(card.currency))
        for offer in offers
        if card.id in offer.asked_minor and is_for(offer.target, product_id=card.id, category_id=card.category_id)
    ]
    was, cut = max(pairs, key=lambda pair: pair[1], default=(0, 0))
    return LowerPrice(card.price_minor - cut, was) if cut else None


def _next_change(cuts: Iterable[Sequence[OfferTerms]], now: datetime) -> datetime | None:
    moments = [moment for own in cuts for offer in own for moment in (offer.starts_at, offer.ends_at) if moment]
    return min((moment for moment in moments if moment > now), default=None)
