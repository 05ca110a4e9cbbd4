"""Rows that the listing projection is computed from, read under its locks."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from catalogue.discovery.selectors.locks import lock_listings_query
from catalogue.discovery.services import projection_sql as statements
from catalogue.discovery.services.projection_words import found_by
from kit.db.pipeline import Query, as_array, ask_all
from tenants.shops.locks import ShopState


@dataclass(frozen=True, slots=True)
class ProjectionSource:
    """Rows of products in a shop's own tables, with the shop's row.

    Args:
        products: JSON of read_shop.sql.
        variants: JSON of read_shop.sql.
        listed_variants: ids of the variants that were listed before the shop's tables were read, as an array.
        words: JSON of the words by which each product is found.
    """

    state: ShopState
    products: str
    variants: str
    listed_variants: str
    words: str

    def params_of(self, table: str) -> list[Any]:
        """Return the parameters of a table's projected rows."""
        if table == statements.VARIANT:
            return [self.variants, self.state.id]
        return [self.products, self.state.id, self.words, self.state.currency, self.state.is_selling]


def read_source(*, state: ShopState, product_ids: Collection[UUID] | None = None) -> ProjectionSource:
    """Lock the listings of some products of a shop, or of all, then read its tables; in one round trip.

    Of two projections of a product the later one waits for the first, and then reads the later state. What is listed
    is read before the shop's tables: a product that is added in between is in neither list, and is left alone.
    """
    takes_all = product_ids is None
    chosen = [] if product_ids is None else [as_array(product_ids)]
    listed = statements.scoped(statements.LISTED_VARIANTS, "listing_id", takes_all=takes_all)
    queries: list[Query[Any]] = [
        lock_listings_query(shop_id=state.id, listing_ids=product_ids),
        Query(listed, [state.id, *chosen], list),
        Query(statements.shop_text(state.schema_name, takes_all=takes_all), chosen, list),
    ]
    _, [(listed_variants, categories)], [(products, variants)] = ask_all(queries)
    words = found_by(products=products, variants=variants, shop_name=state.name, categories=categories)
    return ProjectionSource(state, products, variants, listed_variants, words)
