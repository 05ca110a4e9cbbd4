-- Copy the stock on hand of one shop's variants to another shop's under new ids, with its opening movements and prices.
-- %(old_variants)s and %(new_variants)s go together, one by one; the copies are of %(now)s.
-- {stock} and {variant} are read; {new_stock}, {new_movement} and {new_price} are written.
WITH ids AS (SELECT * FROM unnest(%(old_variants)s::uuid[], %(new_variants)s::uuid[]) AS m (old, new)),
     moved AS (
    INSERT INTO {new_movement} (variant_id, kind, quantity, source, moved_at)
    SELECT m.new, 'opening', s.on_hand, '', %(now)s
      FROM {stock} s JOIN ids m ON m.old = s.variant_id WHERE s.on_hand > 0 ORDER BY m.new
), priced AS (
    INSERT INTO {new_price} (variant_id, price_minor, changed_at)
    SELECT m.new, v.price_minor, %(now)s FROM {variant} v JOIN ids m ON m.old = v.id ORDER BY m.new
)
INSERT INTO {new_stock} (variant_id, on_hand, reserved)
SELECT m.new, s.on_hand, 0 FROM {stock} s JOIN ids m ON m.old = s.variant_id
