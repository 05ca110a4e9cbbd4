-- Orders whose amounts and currency are not those of their sub-orders.
-- Returns subject, expected and found.
SELECT 'order ' || placed.number,
       placed.items_minor || ' items, ' || placed.shipping_minor || ' shipping, in ' || placed.currency,
       coalesce(sum(part.items_minor), 0) || ' items, ' || coalesce(sum(part.shipping_minor), 0)
           || ' shipping, in ' || coalesce(string_agg(DISTINCT part.currency, ' and '), 'nothing')
  FROM public.checkout_order AS placed
  LEFT JOIN public.checkout_suborder AS part ON part.order_id = placed.id
 GROUP BY placed.id
HAVING placed.items_minor <> coalesce(sum(part.items_minor), 0)
    OR placed.shipping_minor <> coalesce(sum(part.shipping_minor), 0)
    OR string_agg(DISTINCT part.currency, ' and ') IS DISTINCT FROM placed.currency
 ORDER BY placed.id
