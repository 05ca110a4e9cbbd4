"""Looking a variant up for a cart: who sells it, its offer, and what else the cart has to show."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import ProgrammingError, connection

from catalogue.selectors.offers import find_seller, offers_query, read_offers, seller_query
from checkout.pricing.lines import CartLine
from checkout.pricing.reading import Reading, Seen
from checkout.pricing.unready_shops import around_unready
from kit.db.pipeline import Query, ask_all
from kit.db.sql import UNREADABLE
from tenants.shops.selectors import ShopFacts

# In which schema a variant is: a hint, as `schema_names` are. An offer counts where the seller's facts say the same.
_schemas: dict[UUID, str] = {}
REMEMBERED = 20_000


def look_up(variant_id: UUID, *, held: Sequence[CartLine] = ()) -> tuple[ShopFacts | None, Seen]:
    """Return the shop that sells a variant, if any, and the facts read of it and of the cart's lines.

    It takes one round trip where this process has the variant and the shops in its cache.
    """
    try:
        return _look_up(variant_id, [line for line in held if line.variant_id != variant_id])
    except ProgrammingError as error:
        if connection.in_atomic_block or not isinstance(error.__cause__, UNREADABLE):
            raise
    return _look_up_alone(variant_id)


def _look_up(variant_id: UUID, others: Sequence[CartLine]) -> tuple[ShopFacts | None, Seen]:
    guess = _schemas.get(variant_id)
    mine = [] if guess is None else [offers_query(guess, [variant_id])]
    reading = Reading(others, frozenset(), None)
    queries: list[Query[Any]] = [seller_query(variant_id), *mine, *reading.queries]
    shop: ShopFacts | None
    shop, *answers = ask_all(queries)
    seen = reading.take(answers[len(mine) :])
    if shop is not None and shop.has_schema:
        seen.facts[shop.id] = shop
        seen.offers.update(answers[0] if guess == shop.schema_name else read_offers({shop.schema_name: [variant_id]}))
        _remember(variant_id, shop.schema_name)
    return shop, seen


def _look_up_alone(variant_id: UUID) -> tuple[ShopFacts | None, Seen]:
    """Look up without a hint and without the cart's other lines, some of which cannot be read at present."""
    _schemas.pop(variant_id, None)
    shop = find_seller(variant_id)
    if shop is None or not shop.has_schema:
        return shop, Seen({}, {})
    offers = around_unready(
        lambda unready: {} if unready else read_offers({shop.schema_name: [variant_id]}), shop_ids={shop.id}
    )
    return shop, Seen({shop.id: shop}, offers)


def _remember(variant_id: UUID, schema_name: str) -> None:
    if len(_schemas) >= REMEMBERED:
        _schemas.clear()
    _schemas[variant_id] = schema_name
