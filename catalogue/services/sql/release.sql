-- Give back what was reserved of the variants %(ids)s in the quantities %(quantities)s.
-- {stock} is one shop's table, locked in primary-key order. Returns the variants that had been sold out until now.
WITH wanted AS (
    SELECT * FROM unnest(%(ids)s::uuid[], %(quantities)s::int[]) AS w(variant_id, quantity)
), locked AS (
    SELECT s.variant_id, w.quantity, s.on_hand - s.reserved AS available
      FROM {stock} s JOIN wanted w USING (variant_id)
     ORDER BY s.variant_id
       FOR UPDATE OF s
), freed AS (
    UPDATE {stock} s SET reserved = s.reserved - l.quantity
      FROM locked l WHERE s.variant_id = l.variant_id
)
SELECT variant_id FROM locked WHERE available <= 0
