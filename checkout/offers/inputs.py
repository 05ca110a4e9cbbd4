"""Values of an automatic offer as its maker gives them, and their rules."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, fields
from datetime import datetime
from functools import partial
from itertools import chain
from typing import Any
from uuid import UUID

from django.utils.translation import gettext

from catalogue.discovery.selectors.categories import known_category_ids
from catalogue.selectors.products import product_titles
from checkout.models import AutomaticOffer, OfferKind
from checkout.models.offers import ALL_BPS, LONGEST_NAME
from checkout.pricing.terms.offers import TIERED, Tier
from checkout.pricing.times import time_faults
from checkout.pricing.widening import widening_faults
from kit.errors import Fault, InvalidInputError
from kit.money import is_whole_enough
from tenants.models import Shop

MOST_NAMED = 200  # products or categories of one offer
MOST_TIERS = 5
MOST_PIECES = 50
LARGEST_MINOR = 10**14
FaultOfField = tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferInput:
    """An automatic offer as it should be."""

    name: str
    kind: OfferKind
    percent_bps: int | None = None
    buys: int | None = None
    gives: int | None = None
    tiers: tuple[Tier, ...] = ()
    products: tuple[UUID, ...] = ()
    categories: tuple[int, ...] = ()
    gives_products: tuple[UUID, ...] = ()
    gives_categories: tuple[int, ...] = ()
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    is_paused: bool = False

    def columns(self) -> dict[str, Any]:
        """Return the values as columns of a row."""
        values = {name: getattr(self, name) for name in FIELDS}
        return values | {
            "tiers": [_tier_json(each) for each in self.tiers],
            **{name: sorted(map(str, getattr(self, name))) for name in ("products", "gives_products")},
            **{name: sorted(getattr(self, name)) for name in ("categories", "gives_categories")},
        }


FIELDS = tuple(field.name for field in fields(OfferInput))


def input_of(offer: AutomaticOffer) -> OfferInput:
    """Return an offer's values as it has them."""
    values = {name: getattr(offer, name) for name in FIELDS}
    return OfferInput(**values | {
        "kind": OfferKind(offer.kind),
        "tiers": tiers_of(offer),
        **{name: tuple(UUID(each) for each in values[name]) for name in ("products", "gives_products")},
        **{name: tuple(values[name]) for name in ("categories", "gives_categories")},
    })  # fmt: skip


def tiers_of(offer: AutomaticOffer) -> tuple[Tier, ...]:
    """Return an offer's tiers."""
    return tuple(
        Tier(each["least"], each.get("percent_bps") or 0, each.get("amount_minor") or 0) for each in offer.tiers
    )


def check_offer(data: OfferInput, *, shop: Shop, was: OfferInput | None = None) -> None:
    """Judge an offer's values.

    Args:
        was: the offer before its change; what it names already may be gone meanwhile.

    Raises:
        InvalidInputError: some can't be; details say why by field.
    """
    faults: dict[str, list[str]] = {}
    judged = (
        _own_faults(data),
        time_faults(data, was),
        _rule_faults(data),
        _tier_faults(data, shop.currency),
        _reach_faults(data, shop, was),
    )
    for name, fault in chain.from_iterable(judged):
        faults.setdefault(name, []).append(fault)
    if faults:
        raise InvalidInputError(details=faults)


def _own_faults(data: OfferInput) -> Iterable[FaultOfField]:
    if not 0 < len(data.name) <= LONGEST_NAME:
        yield "name", Fault(gettext("Give it a name that buyers understand, such as Eid sale."), "one_required")


def _rule_faults(data: OfferInput) -> Iterable[FaultOfField]:
    if data.kind in TIERED:
        if data.percent_bps is not None:
            yield "percent_bps", Fault(gettext("Steps have percentages of their own. Leave it out."), "either_or")
    elif not 0 < (data.percent_bps or 0) <= ALL_BPS:
        yield "percent_bps", Fault(gettext("Give a percentage above 0 and up to 100."), "one_required")
    if data.kind == OfferKind.PRICE_CUT and not data.products:
        yield "products", Fault(gettext("Name the products that cost less."), "one_required")
    yield from _piece_faults(data)


def _piece_faults(data: OfferInput) -> Iterable[FaultOfField]:
    for name in ("buys", "gives"):
        value = getattr(data, name)
        if data.kind != OfferKind.BUY_GET:
            if value is not None:
                yield name, Fault(gettext("Only “buy some, get some” has one. Leave it out."), "either_or")
        elif not 0 < (value or 0) <= MOST_PIECES:
            yield name, Fault(gettext("Give a number from 1 to %(most)s.") % {"most": MOST_PIECES}, "one_required")


def _tier_faults(data: OfferInput, currency: str) -> Iterable[FaultOfField]:
    if data.kind not in TIERED:
        if data.tiers:
            yield "tiers", Fault(gettext("Only an offer by total or by pieces has steps. Leave them out."), "either_or")
        return
    if not 0 < len(data.tiers) <= MOST_TIERS:
        yield "tiers", Fault(gettext("Give 1 to %(most)s steps.") % {"most": MOST_TIERS}, "one_required")
    least = [each.least for each in data.tiers]
    if least != sorted(set(least)) or min(least, default=1) < 1:
        yield "tiers", Fault(gettext("Each step has to begin above the one before it."), "not_later")
    if any(bool(each.percent_bps) == bool(each.amount_minor) for each in data.tiers):
        yield "tiers", Fault(gettext("Give each step a percentage or an amount."), "one_required")
    if any(not 0 <= each.percent_bps <= ALL_BPS or not 0 <= each.amount_minor <= LARGEST_MINOR for each in data.tiers):
        yield "tiers", gettext("Give a percentage above 0 and up to 100.")
    amounts = [each.amount_minor for each in data.tiers] + (least if data.kind == OfferKind.SPEND else [])
    if not all(is_whole_enough(each, currency) for each in amounts):
        yield "tiers", Fault(gettext("This currency has no smaller unit. Give a whole amount."), "no_smaller_unit")


def _reach_faults(data: OfferInput, shop: Shop, was: OfferInput | None) -> Iterable[FaultOfField]:
    for products, categories in (("products", "categories"), ("gives_products", "gives_categories")):
        ids, roots = getattr(data, products), getattr(data, categories)
        if max(len(ids), len(roots)) > MOST_NAMED:
            yield products, gettext("Name at most %(most)s.") % {"most": MOST_NAMED}
            continue
        if products.startswith("gives_") and data.kind != OfferKind.BUY_GET and (ids or roots):
            yield products, Fault(gettext("Only “buy some, get some” has one. Leave it out."), "either_or")
        new_ids, new_roots = set(ids) - set(getattr(was, products, ())), set(roots) - set(getattr(was, categories, ()))
        if new_roots - known_category_ids(new_roots):
            yield categories, Fault(gettext("One of these categories is unknown."), "unknown_category")
        if new_ids - set(product_titles(shop=shop, product_ids=new_ids)):
            yield products, Fault(gettext("One of these products is not in your shop."), "unknown_product")
        known = partial(_known_products, shop)
        field = products if getattr(was, products, ()) else categories
        yield from widening_faults(was, data, {products: known, categories: known_category_ids}, field=field)


def _known_products(shop: Shop, ids: Iterable[UUID]) -> Collection[UUID]:
    return product_titles(shop=shop, product_ids=set(ids))


def _tier_json(tier: Tier) -> dict[str, int | None]:
    return {"least": tier.least, "percent_bps": tier.percent_bps or None, "amount_minor": tier.amount_minor or None}
