"""The statements of the listing projection.

`PROJECTED` says what the listings of a shop should be, computed from the shop's own tables, the shop's row
and the category tree. Writing a listing, rebuilding a shop and verifying it all read the same text, so they
cannot disagree. The source is materialised first and touches the shop's schema alone, which lets the shop's
tables live on another machine.
"""

from psycopg import sql

SOURCE = sql.SQL("""
source AS MATERIALIZED (
    SELECT p.id, p.title, p.slug, p.description, p.category_id, p.brand, p.status = 'active' AS is_published,
           p.created_at, p.updated_at, COALESCE(i.images, '[]'::jsonb) AS images,
           v.price_minor, v.price_max_minor, v.compare_at_minor, v.is_in_stock
      FROM {product} p
      JOIN LATERAL (
           SELECT min(v.price_minor) AS price_minor, max(v.price_minor) AS price_max_minor,
                  (array_agg(v.compare_at_minor ORDER BY v.price_minor, v.position, v.id))[1] AS compare_at_minor,
                  bool_or(COALESCE(s.on_hand > s.reserved, FALSE)) AS is_in_stock
             FROM {variant} v LEFT JOIN {stock} s ON s.variant_id = v.id
            WHERE v.product_id = p.id AND v.deleted_at IS NULL
           HAVING count(*) > 0
           ) v ON TRUE
      LEFT JOIN LATERAL (
           SELECT jsonb_agg(jsonb_build_object('file', i.file, 'alt', i.alt) ORDER BY i.position, i.id) AS images
             FROM {image} i WHERE i.product_id = p.id
           ) i ON TRUE
     WHERE p.deleted_at IS NULL AND {chosen}
)""")

# Each category with its ancestors; UNION ends a cycle that should not be there.
PATHS = sql.SQL("""
up AS (
    SELECT c.id AS leaf, c.id, c.parent_id, c.name FROM discovery_category c
     WHERE c.id IN (SELECT category_id FROM source)
     UNION
    SELECT up.leaf, c.id, c.parent_id, c.name FROM up JOIN discovery_category c ON c.id = up.parent_id
), paths AS (
    SELECT leaf, string_agg(name, ' ' ORDER BY id) AS names, array_agg('c:' || id ORDER BY id) AS facets
      FROM up GROUP BY leaf
)""")


def plain(text: sql.Composable) -> sql.Composable:
    """Take the marks off letters, so that `aso oke` finds `Aṣọ-òkè`."""
    return sql.SQL(r"regexp_replace(normalize({}, NFD), '[\u0300-\u036f]', '', 'g')").format(text)


def _weighted(text: str, weight: str) -> sql.Composable:
    return sql.SQL("setweight(to_tsvector('english', {}), {})").format(plain(sql.SQL(text)), sql.Literal(weight))


VECTOR = sql.SQL(" || ").join(
    [
        _weighted("s.title", "A"),
        _weighted("s.brand || ' ' || COALESCE(paths.names, '')", "B"),
        _weighted("%(shop_name)s", "C"),
        _weighted("left(s.description, 8000)", "D"),
        sql.SQL(
            "array_to_tsvector(COALESCE(paths.facets, '{{}}') || ('s:' || %(shop_id)s::bigint) || "
            "CASE WHEN s.is_in_stock THEN ARRAY['i:1'] ELSE '{{}}' END)"
        ).format(),
    ]
)

COLUMNS = (
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
)

PROJECTED = sql.SQL("""
projected AS (
    SELECT s.id, %(shop_id)s::bigint AS shop_id, s.title, s.slug, s.description, paths.leaf AS category_id, s.brand,
           COALESCE(s.images -> 0 ->> 'file', '') AS image, s.images, %(currency)s AS currency,
           s.price_minor, s.price_max_minor, s.compare_at_minor, s.is_in_stock, s.is_published,
           s.is_published AND %(is_selling)s AS is_visible, {vector} AS search, s.created_at, s.updated_at
      FROM source s LEFT JOIN paths ON paths.leaf = s.category_id
)""").format(vector=VECTOR)

VARIANT_COLUMNS = (
    "id",
    "listing_id",
    "shop_id",
    "sku",
    "options",
    "price_minor",
    "compare_at_minor",
    "is_in_stock",
    "position",
)

PROJECTED_VARIANTS = sql.SQL("""
projected AS MATERIALIZED (
    SELECT v.id, v.product_id AS listing_id, %(shop_id)s::bigint AS shop_id, v.sku, v.options, v.price_minor,
           v.compare_at_minor, COALESCE(s.on_hand > s.reserved, FALSE) AS is_in_stock, v.position
      FROM {product} p
      JOIN {variant} v ON v.product_id = p.id AND v.deleted_at IS NULL
      LEFT JOIN {stock} s ON s.variant_id = v.id
     WHERE p.deleted_at IS NULL AND {chosen}
)""")

GONE_VARIANTS = sql.SQL("""
DELETE FROM discovery_listingvariant t WHERE t.shop_id = %(shop_id)s AND {scope}
   AND NOT EXISTS (SELECT FROM {variant} v JOIN {product} p ON p.id = v.product_id
                    WHERE v.id = t.id AND v.deleted_at IS NULL AND p.deleted_at IS NULL)
""")
GONE_LISTINGS = sql.SQL("""
DELETE FROM discovery_listing t WHERE t.shop_id = %(shop_id)s AND {scope}
   AND NOT EXISTS (SELECT FROM discovery_listingvariant v WHERE v.listing_id = t.id)
""")


def column_list(names: tuple[str, ...], prefix: str = "") -> sql.Composable:
    """Write column names with commas between, each with a table's alias before it where given."""
    parts = [sql.Identifier(prefix, name) if prefix else sql.Identifier(name) for name in names]
    return sql.SQL(", ").join(parts)


def upsert(table: str, columns: tuple[str, ...], source: sql.Composable) -> sql.Composable:
    """Write a statement that makes a table's rows equal to the projected ones, touching only those that differ."""
    changes = sql.SQL(", ").join(
        sql.SQL("{0} = EXCLUDED.{0}").format(sql.Identifier(name)) for name in columns if name != "id"
    )
    return sql.SQL("""
        WITH RECURSIVE {source}
        INSERT INTO {table} AS t ({columns}{zeros}) SELECT {columns}{zero_values} FROM projected ORDER BY id
        ON CONFLICT (id) DO UPDATE SET {changes}
         WHERE ({ours}) IS DISTINCT FROM ({theirs})
        """).format(
        source=source,
        table=sql.Identifier(table),
        columns=column_list(columns),
        zeros=sql.SQL(", popularity, rating_sum, rating_count" if columns is COLUMNS else ""),
        zero_values=sql.SQL(", 0, 0, 0" if columns is COLUMNS else ""),
        changes=changes,
        ours=column_list(columns, "t"),
        theirs=column_list(columns, "excluded"),
    )
