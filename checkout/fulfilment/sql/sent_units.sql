-- Lines of a shop's orders whose sent units are not those of the parcels; {schema} is the shop's.
-- A parcel of an earlier release names no units, and none are counted for it. Returns subject, expected and found.
WITH sent (vendor_order_id, variant_id, units) AS (
    SELECT shipment.vendor_order_id, units.key::uuid, sum(units.value::int)
      FROM {schema}.fulfilment_shipment AS shipment
     CROSS JOIN LATERAL jsonb_each_text(shipment.lines) AS units
     GROUP BY 1, 2
)
SELECT 'line ' || coalesce(line.sku, sent.variant_id::text) || ' of vendor order ' || vendor_order.number,
       coalesce(sent.units, 0) || ' in its parcels',
       coalesce(line.sent_quantity, 0) || ' counted as sent'
  FROM {schema}.fulfilment_vendororderline AS line
  FULL JOIN sent ON sent.vendor_order_id = line.vendor_order_id AND sent.variant_id = line.variant_id
  JOIN {schema}.fulfilment_vendororder AS vendor_order
    ON vendor_order.id = coalesce(line.vendor_order_id, sent.vendor_order_id)
 WHERE coalesce(line.sent_quantity, 0) <> coalesce(sent.units, 0)
