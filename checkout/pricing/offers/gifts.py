"""Gifts of automatic offers that are not on sale any more: no buyer is led to an offer that can give nothing."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from uuid import UUID

from catalogue.discovery.selectors.published import published_ids
from checkout.pricing.quote import Quote, QuotedPart
from checkout.pricing.terms.offers import OfferTerms


def drop_missing_gifts(quoted: Quote) -> Quote:
    """Return a quote without hints to offers whose gift is gone; one statement where a hint names gifts, else none."""
    hinted = [hint.offer for part in quoted.parts for hint in part.offer_hints]
    there = offers_with_gifts(hinted)
    if len(there) == len({offer.id for offer in hinted}):
        return quoted
    return replace(quoted, parts=tuple(_only_hints(part, there) for part in quoted.parts))


def offers_with_gifts(offers: Sequence[OfferTerms]) -> set[str]:
    """Return the ids of offers that can give something; those that name no product as a gift all can."""
    gifts = {offer.id: offer.gives_of.products if offer.gives_of else frozenset() for offer in offers}
    elsewhere = {offer.id for offer in offers if offer.gives_of and offer.gives_of.categories}
    named = frozenset[UUID]().union(*gifts.values())
    on_sale: Collection[UUID] = published_ids(named) if named else ()
    return {
        offer_id
        for offer_id, products in gifts.items()
        if not products or offer_id in elsewhere or not products.isdisjoint(on_sale)
    }


def _only_hints(part: QuotedPart, there: Collection[str]) -> QuotedPart:
    if part.basis is None:
        return part
    hints = tuple(hint for hint in part.offer_hints if hint.offer.id in there)
    return replace(part, basis=replace(part.basis, offers=replace(part.basis.offers, hints=hints)))
