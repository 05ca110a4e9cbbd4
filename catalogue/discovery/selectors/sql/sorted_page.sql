-- A page of listings ordered by {column}.
-- {where} says what matches; {after} is the keyset that the last page ended with, by the values %(value)s and %(id)s.
-- {direction} orders, %(limit)s rows come out; {card} are the columns of a card. All matches are counted, up to
-- %(count_limit)s. There is always a row, with their number; without listings, its listing is nothing.
WITH page AS MATERIALIZED (
    SELECT l.id, l.{column} AS sort_value FROM discovery_listing l
     WHERE {where} AND {after} ORDER BY l.{column} {direction}, l.id {direction} LIMIT %(limit)s
), total AS (
    SELECT count(*) AS n FROM (SELECT FROM discovery_listing l WHERE {where} LIMIT %(count_limit)s) counted
)
SELECT {card}, page.sort_value, total.n
  FROM total LEFT JOIN (page JOIN discovery_listing l ON l.id = page.id JOIN tenants_shop s ON s.id = l.shop_id) ON TRUE
 ORDER BY page.sort_value {direction}, l.id {direction}
