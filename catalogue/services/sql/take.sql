-- Take stock that is not reserved, of all variants %(ids)s the quantities %(quantities)s or of none, for the order
-- %(source)s, at %(now)s. {stock} and {movement} are one shop's tables; stock is locked in primary-key order.
-- Returns the variants, and whether each is sold out now; nothing where there was not enough of all of them.
WITH wanted AS (
    SELECT * FROM unnest(%(ids)s::uuid[], %(quantities)s::int[]) AS w(variant_id, quantity)
), locked AS (
    SELECT s.variant_id, s.on_hand, s.reserved, w.quantity, s.on_hand - s.reserved AS available
      FROM {stock} s JOIN wanted w USING (variant_id)
     ORDER BY s.variant_id
       FOR UPDATE OF s
), enough AS (
    SELECT count(*) = (SELECT count(*) FROM wanted) AND bool_and(available >= quantity) AS yes FROM locked
), moved AS (
    INSERT INTO {movement} (variant_id, kind, quantity, source, moved_at)
    SELECT variant_id, 'sale', -quantity, %(source)s, %(now)s FROM locked, enough WHERE enough.yes
)
UPDATE {stock} s SET on_hand = l.on_hand - l.quantity, reserved = l.reserved
  FROM locked l, enough WHERE s.variant_id = l.variant_id AND enough.yes
RETURNING s.variant_id, s.on_hand = s.reserved
