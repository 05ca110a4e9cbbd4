"""Parse a buyer's query from a URL's parameters, for pages and the API alike."""

import re
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext

from catalogue.discovery.selectors.categories import CategoryNode, category_tree
from catalogue.discovery.selectors.query import MAX_TEXT, ListingQuery, Ordering
from kit.errors import Fault, InvalidInputError
from tenants.shops.selectors import shops_on_show

MAX_PRICE_MINOR = 10**13
MAX_SHOPS = 20
MAX_DIGITS = len(str(MAX_PRICE_MINOR))
CURRENCY = re.compile(r"[A-Za-z]{3}")  # ISO 4217
YES = frozenset({"1", "true", "yes", "on"})
# By the names of the fields, as callers of other APIs are used to.
SYNONYMS = {
    "price_minor": Ordering.PRICE,
    "-price_minor": Ordering.PRICE_DOWN,
    "-created_at": Ordering.NEWEST,
    "-popularity": Ordering.POPULAR,
}


@dataclass(frozen=True, slots=True)
class Asked:
    """A query, and what it was made of."""

    query: ListingQuery
    category: CategoryNode | None


def read_query(values: Mapping[str, Any], *, shops: Sequence[str] = ()) -> Asked:
    """Make a query of plain values by name.

    Args:
        values: `search`, `category`, `ordering`, `min_price`, `max_price`, `currency`, `in_stock`; what is missing or
            empty is not asked for. Prices are in minor units of the currency: by default that of the shops that are
            named, where they have one, else the market's.
        shops: slugs or ids.

    Raises:
        InvalidInputError: a value makes no sense, or names a category or shop that there is not.
    """
    category = _category(str(values.get("category") or ""))
    named = sorted({name for name in shops if name})[:MAX_SHOPS]
    ids = [number for name in named if (number := _id(name)) is not None]
    found = shops_on_show(slugs=named, ids=ids)
    slugs = {shop.slug for shop in found.values()}
    if any(name not in slugs and _id(name) not in found for name in named):
        raise InvalidInputError(
            details={"shop": [Fault(gettext("There is no such shop, or it is closed."), "unknown_shop")]}
        )
    query = ListingQuery(
        text=" ".join(str(values.get("search") or "").replace("\x00", " ").split())[:MAX_TEXT],
        category_id=category.id if category else None,
        shop_ids=tuple(found),
        min_price_minor=_price(values, "min_price"),
        max_price_minor=_price(values, "max_price"),
        currency=_currency(str(values.get("currency") or ""), {shop.currency for shop in found.values()}),
        in_stock_only=str(values.get("in_stock") or "").lower() in YES,
        ordering=_ordering(str(values.get("ordering") or "")),
    )
    return Asked(query, category)


def _category(name: str) -> CategoryNode | None:
    if not name:
        return None
    tree, number = category_tree(), _id(name)
    node = tree.by_slug.get(name) or (tree.by_id.get(number) if number is not None else None)
    if node is None:
        raise InvalidInputError(
            details={"category": [Fault(gettext("There is no such category."), "unknown_category")]}
        )
    return node


def _currency(asked: str, of_shops: Set[str]) -> str:
    if not asked:
        return next(iter(of_shops)) if len(of_shops) == 1 else ""
    if not CURRENCY.fullmatch(asked):
        raise InvalidInputError(details={"currency": [gettext("A currency is three letters, such as NGN.")]})
    return asked.upper()


def _id(text: str) -> int | None:
    """Read an id, or a price; what is longer than any of them is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= MAX_DIGITS else None


def _ordering(value: str) -> Ordering:
    if not value:
        return Ordering.RELEVANCE
    if value in SYNONYMS:
        return SYNONYMS[value]
    try:
        return Ordering(value)
    except ValueError as error:
        choices = ", ".join(ordering.value for ordering in Ordering)
        raise InvalidInputError(
            details={"ordering": [(gettext("Choose one of %(choices)s.") % {"choices": choices})]}
        ) from error


def _price(values: Mapping[str, Any], name: str) -> int | None:
    value = values.get(name)
    if value is None or value == "":
        return None
    price = _id(str(value))
    if price is None or price > MAX_PRICE_MINOR:
        raise InvalidInputError(details={name: [gettext("A price is a whole number of minor units.")]})
    return price
