-- Compute the rows that variants ($1, JSON of read_shop) of a shop ($2) should have.
projected AS MATERIALIZED (
    SELECT v.id, v.listing_id, $2::bigint AS shop_id, v.sku, v.options, v.price_minor, v.compare_at_minor,
           v.is_in_stock, v.position
      FROM json_to_recordset($1::json) AS v(
           id uuid, listing_id uuid, sku text, options jsonb, price_minor bigint, compare_at_minor bigint,
           is_in_stock boolean, position integer)
)
