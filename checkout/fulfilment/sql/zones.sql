-- A shop's delivery zones, each with its methods, as JSON.
-- Returns the zone and a list of its methods, both in the shop's order; the shop's schema is {schema}.
SELECT row_to_json(zone),
       coalesce(json_agg(method ORDER BY method.position, method.id) FILTER (WHERE method.id IS NOT NULL), '[]')
  FROM {schema}.fulfilment_deliveryzone AS zone
  LEFT JOIN {schema}.fulfilment_deliverymethod AS method ON method.zone_id = zone.id
 GROUP BY zone.id
 ORDER BY zone.position, zone.id
