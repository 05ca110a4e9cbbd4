"""Show a shop what a basket would cost under an offer that it is making, together with those that it has."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from catalogue.selectors.offers import read_offers
from checkout.offers.compiling import compile_offers
from checkout.offers.selectors import offers_of
from checkout.pricing.lines import CartLine
from checkout.pricing.quote import QuotedPart, quote
from checkout.pricing.terms import NO_TERMS, find_terms
from checkout.pricing.terms.offers import OfferTerms
from tenants.models import Shop
from tenants.shops.selectors import shop_facts


def preview_offer(*, shop: Shop, offer: OfferTerms, wanted: Mapping[UUID, int], now: datetime) -> QuotedPart | None:
    """Return the shop's part of a basket as it would be quoted while the offer holds; None of a basket without goods.

    Args:
        offer: takes the place of the one with its id, or comes last.
        wanted: quantities by variant.
    """
    at = max(now, offer.starts_at) if offer.starts_at else now
    facts = shop_facts([shop.pk])
    others = [each for each in compile_offers(offers_of(shop_id=shop.pk)) if each.id != offer.id]
    terms = find_terms(facts.values()).get(shop.pk, NO_TERMS)
    mine = sorted([*others, replace(offer, ends_at=None)], key=lambda each: each.id)
    found = quote(
        lines=[CartLine(variant_id, shop.pk, quantity, 0) for variant_id, quantity in wanted.items()],
        shops={shop.pk: replace(facts[shop.pk], status="live", returns_on=None)},
        offers=read_offers({shop.schema_name: wanted.keys()}),
        terms={shop.pk: replace(terms, offers=tuple(mine))},
        now=at,
    )
    return next(iter(found.parts), None)
