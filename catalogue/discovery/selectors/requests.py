"""Read what a buyer asks for from a URL's parameters, for pages and the API alike."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from catalogue.discovery.selectors.categories import CategoryNode, category_tree
from catalogue.discovery.selectors.query import MAX_TEXT, ListingQuery, Ordering
from catalogue.discovery.selectors.shops import selling_shop_ids
from kit.errors import InvalidInputError

MAX_PRICE_MINOR = 10**13
MAX_SHOPS = 20
YES = frozenset({"1", "true", "yes", "on"})


@dataclass(frozen=True, slots=True)
class Asked:
    """A query, and what it was made of."""

    query: ListingQuery
    category: CategoryNode | None
    shop_slugs: tuple[str, ...]


def read_query(values: Mapping[str, Any], *, shops: Sequence[str] = ()) -> Asked:
    """Make a query of plain values: `search`, `category`, `ordering`, `min_price`, `max_price`, `in_stock`.

    Args:
        values: by name; what is missing or empty is not asked for. Prices are in minor units.
        shops: slugs.

    Raises:
        InvalidInputError: a value makes no sense, or names a category or shop that there is not.
    """
    category = _category(str(values.get("category") or ""))
    slugs = tuple(sorted({slug for slug in shops if slug}))[:MAX_SHOPS]
    shop_ids = selling_shop_ids(slugs=list(slugs))
    if len(shop_ids) < len(slugs):
        raise InvalidInputError(details={"shop": ["There is no such shop, or it is closed."]})
    query = ListingQuery(
        text=" ".join(str(values.get("search") or "").replace("\x00", " ").split())[:MAX_TEXT],
        category_id=category.id if category else None,
        shop_ids=tuple(shop_ids),
        min_price_minor=_price(values, "min_price"),
        max_price_minor=_price(values, "max_price"),
        in_stock_only=str(values.get("in_stock") or "").lower() in YES,
        ordering=_ordering(str(values.get("ordering") or "")),
    )
    return Asked(query, category, slugs)


def _category(slug: str) -> CategoryNode | None:
    if not slug:
        return None
    node = category_tree().by_slug.get(slug)
    if node is None:
        raise InvalidInputError(details={"category": ["There is no such category."]})
    return node


def _ordering(value: str) -> Ordering:
    if not value:
        return Ordering.RELEVANCE
    try:
        return Ordering(value)
    except ValueError as error:
        choices = ", ".join(ordering.value for ordering in Ordering)
        raise InvalidInputError(details={"ordering": [f"Choose one of {choices}."]}) from error


def _price(values: Mapping[str, Any], name: str) -> int | None:
    value = values.get(name)
    if value is None or value == "":
        return None
    text = str(value)
    if not (text.isascii() and text.isdigit()) or int(text) > MAX_PRICE_MINOR:
        raise InvalidInputError(details={name: ["A price is a whole number of minor units."]})
    return int(text)
