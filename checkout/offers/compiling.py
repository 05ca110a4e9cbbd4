"""Automatic offers in the form in which a shop's terms of sale hold them."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from checkout.models import AutomaticOffer, OfferKind
from checkout.offers.inputs import tiers_of
from checkout.pricing.terms import store_terms
from checkout.pricing.terms.offers import OfferTerms, Target, as_json


def compile_offers(offers: Iterable[AutomaticOffer]) -> tuple[OfferTerms, ...]:
    """Return the terms that a shop's offers make, in the order in which they were made; paused ones are left out."""
    return tuple(terms_of(each) for each in sorted(offers, key=lambda each: each.pk) if not each.is_paused)


def terms_of(offer: AutomaticOffer) -> OfferTerms:
    """Return an offer as a quote needs it."""
    gives_of = _target(offer.gives_products, offer.gives_categories)
    return OfferTerms(
        id=str(offer.pk),
        name=offer.name,
        kind=OfferKind(offer.kind),
        target=_target(offer.products, offer.categories),
        percent_bps=offer.percent_bps or 0,
        buys=offer.buys or 0,
        gives=offer.gives or 0,
        gives_of=gives_of if gives_of != Target() else None,
        tiers=tiers_of(offer),
        asked_minor={UUID(key): minor for key, minor in offer.asked_minor.items()},
        starts_at=offer.starts_at,
        ends_at=offer.ends_at,
    )


def store_offers(*, shop_id: int, now: datetime) -> None:
    """Compile a shop's offers into its terms; the caller holds the shop's row and has changed the offers."""
    own = AutomaticOffer.objects.filter(shop_id=shop_id, deleted_at=None).order_by("pk")
    store_terms(shop_id=shop_id, now=now, offers=as_json(compile_offers(own)))


def _target(products: Iterable[Any], categories: Iterable[Any]) -> Target:
    return Target(frozenset(UUID(str(each)) for each in products), frozenset(categories))
