-- Compute the listings that products ($1, JSON of read_shop) should have: $2 shop, $3 what each is found by (JSON of
-- projection_words), $4 its currency, $5 whether it sells; {vector} makes a vector of the words and facets. Each
-- category comes with its ancestors; UNION ends a cycle that should not be there.
source AS MATERIALIZED (
    SELECT * FROM json_to_recordset($1::json) AS s(
           id uuid, title text, slug text, description text, category_id bigint, brand text, is_published boolean,
           created_at timestamptz, updated_at timestamptz, images jsonb,
           price_minor bigint, price_max_minor bigint, compare_at_minor bigint, is_in_stock boolean)
), up AS (
    SELECT c.id AS leaf, c.id, c.parent_id FROM public.discovery_category c
     WHERE c.id IN (SELECT category_id FROM source)
     UNION
    SELECT up.leaf, c.id, c.parent_id FROM up JOIN public.discovery_category c ON c.id = up.parent_id
), paths AS (
    SELECT leaf, array_agg('c:' || id ORDER BY id) AS facets FROM up GROUP BY leaf
), projected AS (
    SELECT s.id, $2::bigint AS shop_id, s.title, s.slug, s.description, paths.leaf AS category_id, s.brand,
           COALESCE(s.images -> 0 ->> 'file', '') AS image, s.images, $4::text AS currency,
           s.price_minor, s.price_max_minor, s.compare_at_minor, s.is_in_stock, s.is_published,
           s.is_published AND $5::boolean AS is_visible, {vector} AS search, s.created_at, s.updated_at
      FROM source s
      JOIN json_to_recordset($3::json) AS words(id uuid, a text, b text, c text, d text) ON words.id = s.id
      LEFT JOIN paths ON paths.leaf = s.category_id
)
