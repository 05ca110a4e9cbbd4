"""The order in which a shop gives the options of its products."""

from collections import defaultdict
from collections.abc import Collection
from uuid import UUID

from psycopg import sql

from kit.db.sql import fetch_all, qualified
from kit.text.pairs import as_mapping

OF_PRODUCTS = sql.SQL("""
SELECT product_id, options::json FROM {variant}
 WHERE product_id = ANY(%s::uuid[]) AND jsonb_typeof(options) = 'array' ORDER BY product_id, position, id
""")


def option_names(schema_name: str, product_ids: Collection[UUID]) -> dict[UUID, list[str]]:
    """Return the names of products' options in order, as far as their variants keep one; by product."""
    names: defaultdict[UUID, dict[str, None]] = defaultdict(dict)
    statement = OF_PRODUCTS.format(variant=qualified(schema_name, "catalogue_variant"))
    for product_id, options in fetch_all(statement, [list(product_ids)]):
        names[product_id].update(dict.fromkeys(as_mapping(options)))
    return {product_id: list(found) for product_id, found in names.items()}
