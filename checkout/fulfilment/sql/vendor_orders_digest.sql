-- A count and a sum of hashes over a shop's vendor orders; {schema} is the shop's.
-- Equal to those of its sub-orders (checkout/audit/sql/sub_orders_digest.sql) where both say the same.
SELECT count(*),
       coalesce(sum(hashtextextended(concat_ws(' ', id, status, currency, items_minor, discount_minor, shipping_minor,
                                               delivery_discount_minor, tax_minor, prices_include_tax, total_minor),
                                     0)::numeric), 0)
  FROM {schema}.fulfilment_vendororder
