"""The statements of the listing projection.

What listings should be is computed in two places, one statement each: the shop's own schema returns its products as
JSON, and `public` adds the shop's row and the category tree (docs/adr/0017). Writing a listing, rebuilding a shop and
verifying it all read the same texts, so they cannot disagree.
"""

from functools import cache, lru_cache

from psycopg import sql

from catalogue.discovery.selectors.words import CONFIGURATION
from kit.db.sql import REMEMBERED, qualified
from kit.db.statements import load_statement

LISTING, VARIANT = "discovery_listing", "discovery_listingvariant"
COLUMNS = {
    LISTING: (
        "id",
        "shop_id",
        "title",
        "slug",
        "description",
        "category_id",
        "brand",
        "image",
        "images",
        "currency",
        "price_minor",
        "price_max_minor",
        "compare_at_minor",
        "is_in_stock",
        "is_published",
        "is_visible",
        "search",
        "created_at",
        "updated_at",
    ),
    VARIANT: (
        "id",
        "listing_id",
        "shop_id",
        "sku",
        "options",
        "price_minor",
        "compare_at_minor",
        "is_in_stock",
        "position",
    ),
}
STARTS_AT_ZERO = {LISTING: ("popularity", "rating_sum", "rating_count"), VARIANT: ()}
LISTED_VARIANTS = """
SELECT (SELECT COALESCE(array_agg(id), '{{}}')::text
          FROM public.discovery_listingvariant WHERE shop_id = $1 AND {scope}) AS listed_variants,
       (SELECT COALESCE(
                   json_agg(json_build_array(id, parent_id, CASE WHEN is_retired THEN '' ELSE name END)), '[]')::text
          FROM public.discovery_category) AS categories
"""
GONE_VARIANTS = """
DELETE FROM public.discovery_listingvariant t WHERE t.id = ANY($1::uuid[])
   AND NOT EXISTS (SELECT FROM json_to_recordset($2::json) AS v(id uuid) WHERE v.id = t.id)
RETURNING 1
"""
GONE_LISTINGS = """
DELETE FROM public.discovery_listing t WHERE t.shop_id = $1 AND {scope}
   AND NOT EXISTS (SELECT FROM public.discovery_listingvariant v WHERE v.listing_id = t.id)
RETURNING 1
"""


# A lexeme of every vector, with the version of the folding that its words were made by. Listings without it are
# written anew; the index `listing_other_folding` finds them.
FOLDING = "f:2"


def _weighted(words: str, weight: str) -> sql.Composable:
    return sql.SQL("setweight(to_tsvector({}, {}), {})").format(
        sql.Literal(CONFIGURATION), sql.SQL(words), sql.Literal(weight)
    )


VECTOR = sql.SQL(" || ").join(
    [
        *(_weighted(f"words.{weight.lower()}", weight) for weight in "ABCD"),
        sql.SQL(
            "array_to_tsvector(COALESCE(paths.facets, '{{}}') || ARRAY['s:' || $2::bigint, {folding}] || "
            "CASE WHEN s.is_in_stock THEN ARRAY['i:1'] ELSE '{{}}' END)"
        ).format(folding=sql.Literal(FOLDING)),
    ]
)
PROJECTED = {
    LISTING: sql.SQL(load_statement(__package__, "projected_listings")).format(vector=VECTOR),
    VARIANT: sql.SQL(load_statement(__package__, "projected_variants")),
}


@lru_cache(maxsize=REMEMBERED)
def shop_text(schema_name: str, *, takes_all: bool) -> str:
    """Return the statement that reads a shop's products and variants: all of them, or of the products in `$1`."""
    statement = sql.SQL(load_statement(__package__, "read_shop")).format(
        product=qualified(schema_name, "catalogue_product"),
        variant=qualified(schema_name, "catalogue_variant"),
        stock=qualified(schema_name, "catalogue_stocklevel"),
        image=qualified(schema_name, "catalogue_productimage"),
        chosen=sql.SQL("TRUE" if takes_all else "p.id = ANY($1::uuid[])"),
    )
    return statement.as_string(None)


def scoped(text: str, column: str, *, takes_all: bool) -> str:
    """Return a text for all rows of a shop, or for those that belong to the listings in `$2`."""
    return text.format(scope="TRUE" if takes_all else f"{column} = ANY($2::uuid[])")


def column_list(names: tuple[str, ...], prefix: str = "") -> sql.Composable:
    """Write column names with commas between, each with a table's alias before it where given."""
    parts = [sql.Identifier(prefix, name) if prefix else sql.Identifier(name) for name in names]
    return sql.SQL(", ").join(parts)


@cache
def upsert_text(table: str) -> str:
    """Return the statement that makes a table's rows equal to the projected ones, touching only those that differ."""
    columns, zeros = COLUMNS[table], STARTS_AT_ZERO[table]
    changes = sql.SQL(", ").join(
        sql.SQL("{0} = EXCLUDED.{0}").format(sql.Identifier(name)) for name in columns if name != "id"
    )
    statement = sql.SQL("""
        WITH RECURSIVE {projected}
        INSERT INTO {table} AS t ({all}) SELECT {columns}{zeros} FROM projected ORDER BY id
        ON CONFLICT (id) DO UPDATE SET {changes}
         WHERE ({ours}) IS DISTINCT FROM ({theirs})
        RETURNING 1
        """).format(
        projected=PROJECTED[table],
        table=sql.Identifier("public", table),
        all=column_list(columns + zeros),
        columns=column_list(columns),
        zeros=sql.SQL(", 0" * len(zeros)),
        changes=changes,
        ours=column_list(columns, "t"),
        theirs=column_list(columns, "excluded"),
    )
    return statement.as_string(None)


@cache
def drift_text(table: str) -> str:
    """Return the statement that finds the rows of a shop that differ from the projected ones, and names how."""
    columns = COLUMNS[table]
    differing = sql.SQL(", ").join(
        sql.SQL("CASE WHEN e.{0} IS DISTINCT FROM t.{0} THEN {1} END").format(sql.Identifier(name), sql.Literal(name))
        for name in columns
    )
    statement = sql.SQL("""
        WITH RECURSIVE {projected}
        SELECT COALESCE(e.id, t.id),
               CASE WHEN t.id IS NULL THEN 'missing' WHEN e.id IS NULL THEN 'surplus'
                    ELSE array_to_string(ARRAY[{differing}], ', ') END AS fault
          FROM projected e FULL JOIN (SELECT * FROM {table} WHERE shop_id = $2) t ON t.id = e.id
         WHERE t.id IS NULL OR e.id IS NULL OR ({expected}) IS DISTINCT FROM ({found})
         ORDER BY 1
        """).format(
        projected=PROJECTED[table],
        table=sql.Identifier("public", table),
        differing=differing,
        expected=column_list(columns, "e"),
        found=column_list(columns, "t"),
    )
    return statement.as_string(None)
