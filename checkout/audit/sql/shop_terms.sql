-- Shops whose row and whose compiled terms of sale are not of the same version: quotes would go by other terms.
-- Returns subject, expected and found.
SELECT 'shop ' || shop.slug, 'terms of version ' || shop.terms_version,
       coalesce('version ' || terms.version, 'no terms')
  FROM public.tenants_shop AS shop
  LEFT JOIN public.checkout_shopterms AS terms ON terms.shop_id = shop.id
 WHERE shop.terms_version <> coalesce(terms.version, 0)
 ORDER BY shop.id
