-- Write the stock on hand of one shop's variants for another shop under new ids, with its opening movements and prices.
-- %(stock)s and %(variants)s are the rows of the one shop as JSON; %(old_variants)s and %(new_variants)s go together,
-- one by one; the copies are of %(now)s. {stock}, {movement} and {price} are the other shop's.
WITH ids AS (SELECT * FROM unnest(%(old_variants)s::uuid[], %(new_variants)s::uuid[]) AS m (old, new)),
     held AS (SELECT m.new, s.on_hand
                FROM json_to_recordset(%(stock)s::json) AS s(variant_id uuid, on_hand integer)
                JOIN ids m ON m.old = s.variant_id),
     moved AS (
    INSERT INTO {movement} (variant_id, kind, quantity, source, moved_at)
    SELECT h.new, 'opening', h.on_hand, '', %(now)s FROM held h WHERE h.on_hand > 0 ORDER BY h.new
), priced AS (
    INSERT INTO {price} (variant_id, price_minor, changed_at)
    SELECT m.new, v.price_minor, %(now)s
      FROM json_to_recordset(%(variants)s::json) AS v(id uuid, price_minor bigint) JOIN ids m ON m.old = v.id
     ORDER BY m.new
)
INSERT INTO {stock} (variant_id, on_hand, reserved) SELECT h.new, h.on_hand, 0 FROM held h
