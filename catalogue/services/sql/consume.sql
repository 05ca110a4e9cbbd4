-- Take reserved stock off the shelf: of the variants $1 the quantities $2, for the order $3, at $4.
-- {stock} and {movement} are one shop's tables; stock is locked in primary-key order.
WITH wanted AS (
    SELECT * FROM unnest($1::uuid[], $2::int[]) AS w(variant_id, quantity)
), locked AS (
    SELECT s.variant_id, w.quantity FROM {stock} s JOIN wanted w USING (variant_id)
     ORDER BY s.variant_id
       FOR UPDATE OF s
), moved AS (
    INSERT INTO {movement} (variant_id, kind, quantity, source, moved_at)
    SELECT variant_id, 'sale', -quantity, $3, $4::timestamptz FROM locked
)
UPDATE {stock} s SET on_hand = s.on_hand - l.quantity, reserved = s.reserved - l.quantity
  FROM locked l WHERE s.variant_id = l.variant_id
