-- A count and a sum of hashes over the parcels of a shop's own orders; {schema} is the shop's.
-- Equal to those of its sub-orders (checkout/audit/sql/parcels_digest.sql) where both say the same.
SELECT count(*),
       coalesce(sum(hashtextextended(
           jsonb_build_array(shipment.vendor_order_id, shipment.number, shipment.carrier, shipment.tracking_number,
                             shipment.tracking_url, shipment.lines,
                             shipment.delivered_at IS NOT NULL OR vendor_order.status = 'delivered')::text,
           0)::numeric), 0)
  FROM {schema}.fulfilment_shipment AS shipment
  JOIN {schema}.fulfilment_vendororder AS vendor_order ON vendor_order.id = shipment.vendor_order_id
