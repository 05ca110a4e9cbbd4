-- A shop's vendor orders whose lines do not sum to their items; {schema} is the shop's.
-- Returns subject, expected and found.
SELECT 'vendor order ' || vendor_order.number,
       vendor_order.items_minor || ' of items',
       coalesce(sum(line.total_minor), 0) || ' in its lines'
  FROM {schema}.fulfilment_vendororder AS vendor_order
  LEFT JOIN {schema}.fulfilment_vendororderline AS line ON line.vendor_order_id = vendor_order.id
 GROUP BY vendor_order.id, vendor_order.number, vendor_order.items_minor
HAVING vendor_order.items_minor <> coalesce(sum(line.total_minor), 0)
