-- Sum up the paid orders of a replay, whose idempotency keys have the scope %s.
-- Returns shops, orders, orders over several shops, pieces, amounts, commission, what the shops get, and variants sold.
WITH replayed AS (
    SELECT o.* FROM checkout_order o JOIN kit_idempotencykey k ON k.result = o.number
     WHERE k.scope = %s AND o.status IN ('paid', 'completed')
), parts AS (
    SELECT s.* FROM checkout_suborder s JOIN replayed r ON r.id = s.order_id
), shared AS (
    SELECT order_id FROM parts GROUP BY order_id HAVING count(*) > 1
)
SELECT (SELECT count(DISTINCT shop_id) FROM parts),
       (SELECT count(*) FROM replayed),
       (SELECT count(*) FROM shared),
       (SELECT COALESCE(sum((line ->> 'quantity')::bigint), 0) FROM parts, jsonb_array_elements(lines) AS line),
       (SELECT COALESCE(sum(items_minor), 0) FROM parts),
       (SELECT COALESCE(sum(shipping_minor), 0) FROM parts),
       (SELECT COALESCE(sum(total_minor), 0) FROM replayed),
       (SELECT COALESCE(sum(commission_minor), 0) FROM parts),
       (SELECT COALESCE(sum(total_minor + platform_discount_minor - commission_minor - commission_tax_minor), 0)
          FROM parts),
       (SELECT count(DISTINCT (shop_id, line ->> 'sku')) FROM parts, jsonb_array_elements(lines) AS line)
