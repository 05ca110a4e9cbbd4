-- A shop's stock levels that do not reserve what its unpaid vendor orders hold; {schema} is the shop's.
-- Returns subject, expected and found.
SELECT 'stock of variant ' || coalesce(level.variant_id, held.variant_id),
       coalesce(held.quantity, 0) || ' reserved by vendor orders',
       coalesce(level.reserved, 0) || ' on the counter'
  FROM {schema}.catalogue_stocklevel AS level
  FULL JOIN (SELECT line.variant_id, sum(line.quantity) AS quantity
               FROM {schema}.fulfilment_vendororderline AS line
               JOIN {schema}.fulfilment_vendororder AS vendor_order ON vendor_order.id = line.vendor_order_id
              WHERE vendor_order.stock_state = 'reserved'
              GROUP BY line.variant_id) AS held
    ON held.variant_id = level.variant_id
 WHERE coalesce(level.reserved, 0) <> coalesce(held.quantity, 0)
