-- Put sold stock back on the shelf: of the variants %(ids)s the quantities %(quantities)s, for the order %(source)s,
-- at %(now)s, as movements of the kind %(kind)s. {stock} and {movement} are one shop's tables; stock is locked in
-- primary-key order, and variants that are gone are left out. Returns the variants that had been sold out until now.
WITH wanted AS (
    SELECT * FROM unnest(%(ids)s::uuid[], %(quantities)s::int[]) AS w(variant_id, quantity)
), locked AS (
    SELECT s.variant_id, w.quantity, s.on_hand - s.reserved AS available
      FROM {stock} s JOIN wanted w USING (variant_id)
     ORDER BY s.variant_id
       FOR UPDATE OF s
), moved AS (
    INSERT INTO {movement} (variant_id, kind, quantity, source, moved_at)
    SELECT variant_id, %(kind)s, quantity, %(source)s, %(now)s FROM locked
), put AS (
    UPDATE {stock} s SET on_hand = s.on_hand + l.quantity
      FROM locked l WHERE s.variant_id = l.variant_id
)
SELECT variant_id FROM locked WHERE available <= 0
