-- A shop's own orders of which something has left, with the units left of each line and the parcels; {schema} is the
-- shop's. Returns id, number, status, the time of the status, and both as JSON.
SELECT vendor_order.id, vendor_order.number, vendor_order.status, vendor_order.status_at,
       (SELECT jsonb_object_agg(line.variant_id, line.quantity - line.cancelled_quantity)::text
          FROM {schema}.fulfilment_vendororderline AS line
         WHERE line.vendor_order_id = vendor_order.id),
       (SELECT coalesce(jsonb_agg(to_jsonb(shipment) ORDER BY shipment.id), '[]')::text
          FROM {schema}.fulfilment_shipment AS shipment
         WHERE shipment.vendor_order_id = vendor_order.id)
  FROM {schema}.fulfilment_vendororder AS vendor_order
 WHERE vendor_order.status IN ('shipped', 'delivered')
    OR EXISTS (SELECT FROM {schema}.fulfilment_shipment AS shipment
                WHERE shipment.vendor_order_id = vendor_order.id)
