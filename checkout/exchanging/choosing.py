"""Variants that can be sent for a line that comes back: others of the same product, on sale, in stock."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from catalogue.selectors.offers import Offer, offers_of_products
from checkout.errors import NotExchangeableError
from checkout.models import SubOrder
from kit.text.pairs import pairs_of
from tenants.life.lifecycle import may_fulfil
from tenants.shops.selectors import shop_facts

# Variants that are wanted, by the variants of the lines for which they are.
Wanted = Mapping[UUID, UUID]


@dataclass(frozen=True, slots=True)
class Choice:
    """A variant that can be had for a line.

    Args:
        difference_minor: of the prices of one unit of today; below zero where it is cheaper.
    """

    offer: Offer
    difference_minor: int


def choices_of(part: SubOrder, *, lines: Collection[UUID]) -> dict[UUID, list[Choice]]:
    """Return the variants that can be had for each of some lines of a part, the cheapest first."""
    offers = _offers(part, lines)
    found = {}
    for line in part.lines:
        key = UUID(line["variant_id"])
        if key in lines:
            others = [each for each in offers.values() if _fits(each, line) and each.available > 0]
            price = _list_price(line, offers)
            ordered = sorted(others, key=lambda each: (each.price_minor, each.sku, each.variant_id))
            found[key] = [Choice(each, each.price_minor - price) for each in ordered]
    return found


def choose_replacements(part: SubOrder, *, wanted: Wanted, units: Mapping[UUID, int]) -> dict[str, Any]:
    """Return the snapshots of the variants that are wanted for lines of a part, as a return keeps them.

    Raises:
        NotExchangeableError: one is not of the line's product, not on sale, or there are not enough of it.
    """
    if not wanted:
        return {}
    offers = _offers(part, wanted)
    lines = {UUID(line["variant_id"]): line for line in part.lines}
    left = {key: each.available for key, each in offers.items()}
    found = {}
    for key, variant_id in sorted(wanted.items()):
        line, offer = lines.get(key), offers.get(variant_id)
        if line is None or key not in units or offer is None or not _fits(offer, line):
            raise NotExchangeableError(details={"lines": (str(key),)})
        left[variant_id] -= units[key]
        if left[variant_id] < 0:
            raise NotExchangeableError(details={"lines": (str(key),)})
        found[str(key)] = {
            "variant_id": str(variant_id),
            "product_id": str(offer.product_id),
            "sku": offer.sku,
            "title": offer.title,
            "options": pairs_of(offer.options),
            "image": offer.image,
            "tax_class": offer.tax_class,
            "price_minor": offer.price_minor,
            "list_minor": _list_price(line, offers),
        }
    return found


def _offers(part: SubOrder, lines: Collection[UUID]) -> dict[UUID, Offer]:
    shop = shop_facts({part.shop_id})[part.shop_id]
    products = {UUID(line["product_id"]) for line in part.lines if UUID(line["variant_id"]) in lines}
    if not products or not shop.has_schema or not may_fulfil(shop.status) or shop.currency != part.currency:
        return {}
    return offers_of_products(schema_name=shop.schema_name, product_ids=products)


def _fits(offer: Offer, line: Mapping[str, Any]) -> bool:
    is_other = str(offer.variant_id) != line["variant_id"] and str(offer.product_id) == line["product_id"]
    return is_other and offer.is_on_sale and offer.price_minor > 0


def _list_price(line: Mapping[str, Any], offers: Mapping[UUID, Offer]) -> int:
    """Return the price of a line's variant of today, or that of the order where it is not sold any more."""
    own = offers.get(UUID(line["variant_id"]))
    return own.price_minor if own and own.is_on_sale and own.price_minor else int(line["unit_price_minor"])
