-- A count and a sum of hashes over the sub-orders of each shop, by shop.
-- Equal to those of its vendor orders (checkout/fulfilment/sql/vendor_orders_digest.sql) where both say the same.
SELECT shop_id, count(*),
       sum(hashtextextended(concat_ws(' ', id, status, currency, items_minor, discount_minor, shipping_minor,
                                      delivery_discount_minor, tax_minor, prices_include_tax, total_minor),
                            0)::numeric)
  FROM public.checkout_suborder
 GROUP BY shop_id
