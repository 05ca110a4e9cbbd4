-- Reserve what can be reserved of the variants $1 in the quantities $2 at the prices $3, and say what was {found}.
-- {stock}, {variant} and {product} are one shop's tables. Stock is locked in primary-key order; a line is taken if
-- there is {enough}, its product is on sale, and its price is the one that the buyer saw.
--
-- The row lock makes the figures in `locked` the latest committed ones. `taken` writes both columns from them:
-- PostgreSQL checks constraints on the row it makes of the statement's snapshot before it finds that there is a
-- newer one, so that `s.reserved + 1` beside an `s.on_hand` of before a delivery would be refused for nothing.
WITH wanted AS (
    SELECT * FROM unnest($1::uuid[], $2::int[], $3::bigint[])
        AS w(variant_id, quantity, price_minor)
), locked AS (
    SELECT s.variant_id, s.on_hand, s.reserved, s.on_hand - s.reserved AS available, w.quantity, w.price_minor
      FROM {stock} s JOIN wanted w USING (variant_id)
     ORDER BY s.variant_id
       FOR UPDATE OF s
), offered AS (
    SELECT l.*, v.price_minor AS price_now,
           p.status = 'active' AND p.deleted_at IS NULL AND v.deleted_at IS NULL AS is_on_sale
      FROM locked l JOIN {variant} v ON v.id = l.variant_id JOIN {product} p ON p.id = v.product_id
), taken AS (
    UPDATE {stock} s SET on_hand = o.on_hand, reserved = o.reserved + o.quantity
      FROM offered o
     WHERE s.variant_id = o.variant_id AND {enough} AND o.is_on_sale
       AND o.price_now = o.price_minor
 RETURNING s.variant_id
)
{found}
