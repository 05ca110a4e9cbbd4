-- Count the matches of a query by category, by shop and in stock, in one pass over {limit} of them at the most.
-- {conditions} says what matches; the {shops} shops with the most come out, those of {chosen_shops} always.
WITH matches AS MATERIALIZED (
    SELECT l.category_id, l.shop_id, l.is_in_stock FROM discovery_listing l WHERE {conditions} LIMIT {limit}
)
SELECT 'category' AS facet, category_id AS id, '' AS slug, '' AS label, count(*) AS count
  FROM matches WHERE category_id IS NOT NULL GROUP BY category_id
 UNION ALL
(SELECT 'shop', s.id, s.slug, s.name, m.count
   FROM (SELECT shop_id, count(*) AS count FROM matches GROUP BY shop_id) m JOIN tenants_shop s ON s.id = m.shop_id
  ORDER BY (s.id = ANY({chosen_shops})) DESC, m.count DESC, s.name, s.id LIMIT {shops})
 UNION ALL
SELECT 'stock', 1, '', '', count(*) FROM matches WHERE is_in_stock
 UNION ALL
SELECT 'total', 1, '', '', count(*) FROM matches
