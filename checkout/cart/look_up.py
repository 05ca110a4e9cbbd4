"""Looking variants up for a cart: who sells them, their offers, and what else the cart has to show."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import ProgrammingError, connection

from catalogue.selectors.offers import Offers, find_sellers, offers_query, read_offers, sellers_query
from checkout.pricing.lines import CartLine
from checkout.pricing.reading import Reading, Seen
from checkout.pricing.unready_shops import around_unready
from kit.db.pipeline import Query, ask_all
from kit.db.sql import UNREADABLE
from tenants.shops.selectors import ShopFacts

Sellers = Mapping[UUID, ShopFacts]

# In which schema a variant is: a hint, as `schema_names` are. An offer counts where the seller's facts say the same.
_schemas: dict[UUID, str] = {}
REMEMBERED = 20_000


def look_up(variant_ids: Sequence[UUID], *, held: Sequence[CartLine] = ()) -> tuple[Sellers, Seen]:
    """Return the shops that sell variants, by variant, and the facts read of them and of the cart's lines.

    It takes one round trip where this process has the variants and the shops in its cache.
    """
    if not variant_ids:
        return {}, Seen({}, {})
    try:
        return _look_up(variant_ids, held)
    except ProgrammingError as error:
        if connection.in_atomic_block or not isinstance(error.__cause__, UNREADABLE):
            raise
    return _look_up_alone(variant_ids)


def _look_up(variant_ids: Sequence[UUID], held: Sequence[CartLine]) -> tuple[Sellers, Seen]:
    wanted = frozenset(variant_ids)
    others = [line for line in held if line.variant_id not in wanted]
    guessed = _by_schema({each: name for each in variant_ids if (name := _schemas.get(each)) is not None})
    mine = [offers_query(name, own) for name, own in guessed.items()]
    reading = Reading(others, frozenset(), None)
    queries: list[Query[Any]] = [sellers_query(variant_ids), *mine, *reading.queries]
    sellers: Sellers
    sellers, *answers = ask_all(queries)
    seen = reading.take(answers[len(mine) :])
    _add(seen, sellers, dict(zip(guessed, answers, strict=False)))
    return sellers, seen


def _add(seen: Seen, sellers: Sellers, guessed: Mapping[str, Offers]) -> None:
    """Add the sellers and their offers; read those that were not found by the guess."""
    missed: dict[UUID, str] = {}
    for variant_id, shop in sellers.items():
        seen.facts[shop.id] = shop
        offer = guessed.get(shop.schema_name, {}).get(variant_id)
        if offer is not None:
            seen.offers[variant_id] = offer
        elif shop.has_schema:
            missed[variant_id] = shop.schema_name
    if missed:
        seen.offers.update(read_offers(_by_schema(missed)))
        _remember(missed)


def _look_up_alone(variant_ids: Sequence[UUID]) -> tuple[Sellers, Seen]:
    """Look up without hints and without the cart's other lines, some of which cannot be read at present."""
    for variant_id in variant_ids:
        _schemas.pop(variant_id, None)
    sellers = find_sellers(variant_ids)
    shops = {shop.id: shop for shop in sellers.values() if shop.has_schema}
    wanted = {shop_id: [variant_id for variant_id, shop in sellers.items() if shop.id == shop_id] for shop_id in shops}

    def read(unready: Collection[int]) -> Offers:
        return read_offers({shops[each].schema_name: own for each, own in wanted.items() if each not in unready})

    return sellers, Seen(shops, around_unready(read, shop_ids=shops.keys()))


def _by_schema(names: Mapping[UUID, str]) -> dict[str, list[UUID]]:
    found: dict[str, list[UUID]] = {}
    for variant_id, name in names.items():
        found.setdefault(name, []).append(variant_id)
    return found


def _remember(names: Mapping[UUID, str]) -> None:
    if len(_schemas) + len(names) > REMEMBERED:
        _schemas.clear()
    _schemas.update(names)
