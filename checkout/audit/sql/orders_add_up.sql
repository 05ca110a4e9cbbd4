-- Orders whose amounts and currency are not those of their sub-orders. The tax of an order is what its parts add on
-- top; where none adds any, it is what their prices include (`Amounts.__add__`).
-- Returns subject, expected and found.
SELECT 'order ' || placed.number,
       placed.items_minor || ' items, ' || placed.shipping_minor || ' shipping, ' || placed.total_minor
           || ' in all, in ' || placed.currency,
       coalesce(sum(part.items_minor), 0) || ' items, ' || coalesce(sum(part.shipping_minor), 0)
           || ' shipping, ' || coalesce(sum(part.total_minor), 0) || ' in all, in '
           || coalesce(string_agg(DISTINCT part.currency, ' and '), 'nothing')
  FROM public.checkout_order AS placed
  LEFT JOIN public.checkout_suborder AS part ON part.order_id = placed.id
 GROUP BY placed.id
HAVING (placed.items_minor, placed.discount_minor, placed.shipping_minor, placed.delivery_discount_minor,
        placed.tax_minor, placed.prices_include_tax, placed.total_minor)
       IS DISTINCT FROM (sum(part.items_minor), sum(part.discount_minor), sum(part.shipping_minor),
        sum(part.delivery_discount_minor),
        coalesce(nullif(sum(part.tax_minor) FILTER (WHERE NOT part.prices_include_tax), 0), sum(part.tax_minor)),
        bool_or(part.prices_include_tax) AND NOT bool_or(part.tax_minor > 0 AND NOT part.prices_include_tax),
        sum(part.total_minor))
    OR string_agg(DISTINCT part.currency, ' and ') IS DISTINCT FROM placed.currency
 ORDER BY placed.id
