"""Notes on a product's page about what its shop's terms do to its price: automatic offers and tax."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext

from catalogue.discovery.price_notes import LowerPrice, PriceNotes
from catalogue.discovery.selectors.listings import ListingDetail
from checkout.models import OfferKind
from checkout.offers.words import benefit_of
from checkout.pricing.offers.gifts import offers_with_gifts
from checkout.pricing.offers.planning import cut_minor, is_for
from checkout.pricing.shown import tax_label
from checkout.pricing.tax.registry import tax_rates
from checkout.pricing.terms import NO_TERMS, find_terms
from checkout.pricing.terms.offers import OfferTerms, Target
from checkout.pricing.terms.tax import TaxTerms
from kit.money import smallest_unit


def price_notes(listing: ListingDetail, now: datetime) -> PriceNotes:
    """Return the shop's offers for a product, its lower prices, and the tax in or on top of its price."""
    terms = find_terms([listing.shop]).get(listing.shop.id, NO_TERMS)
    holding = [each for each in terms.offers if each.holds(now) and _is_about(each, listing)]
    there = offers_with_gifts(holding)
    texts = [
        gettext("%(offer)s: %(benefit)s") % {"offer": each.name, "benefit": _benefit(each, listing.currency)}
        for each in holding
        if each.id in there
    ]
    texts += _tax_texts(terms.tax, listing, now) if terms.tax else ()
    return PriceNotes(tuple(texts), _lower(holding, listing))


def _benefit(offer: OfferTerms, currency: str) -> str:
    return benefit_of(offer, currency=currency)


def _is_about(offer: OfferTerms, listing: ListingDetail) -> bool:
    return any(_covers(target, listing) for target in (offer.target, offer.gives_of) if target is not None)


def _covers(target: Target, listing: ListingDetail) -> bool:
    return is_for(target, product_id=listing.id, category_id=listing.category_id)


def _lower(offers: Iterable[OfferTerms], listing: ListingDetail) -> dict[UUID, LowerPrice]:
    cuts = [each for each in offers if each.kind is OfferKind.PRICE_CUT]
    unit = smallest_unit(listing.currency)
    found: dict[UUID, LowerPrice] = {}
    for variant in listing.variants if cuts else ():
        price = variant.price_minor
        pairs = [cut_minor(each, variant_id=variant.id, price_minor=price, unit=unit) for each in cuts]
        was, cut = max(pairs, key=lambda pair: pair[1])
        if cut:
            found[variant.id] = LowerPrice(price - cut, was)
    return found


def _tax_texts(terms: TaxTerms, listing: ListingDetail, now: datetime) -> Iterable[str]:
    table = tax_rates().table(terms.country)
    rates = table.rates(tax_class=listing.tax_class, subdivision="", on=now.date()) if table else ()
    if rates:
        labels = ", ".join(tax_label(rate.label) for rate in rates)
        text = gettext("Includes %(tax)s") if terms.prices_include_tax else gettext("%(tax)s is added at checkout")
        yield text % {"tax": labels}
