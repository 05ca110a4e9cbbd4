-- What pages could not show of the rows of {product}, {variant} and {stock}: one row for each kind of fault.
-- Prices go up to %(price)s, stock up to %(stock)s, options up to %(options)s a variant, all as short texts.
SELECT 'a variant without a stock level'
 WHERE EXISTS (SELECT FROM {variant} v WHERE NOT EXISTS (SELECT FROM {stock} s WHERE s.variant_id = v.id))
UNION ALL
SELECT 'a product on sale without a variant'
 WHERE EXISTS (SELECT FROM {product} p WHERE p.deleted_at IS NULL
                  AND NOT EXISTS (SELECT FROM {variant} v WHERE v.product_id = p.id AND v.deleted_at IS NULL))
UNION ALL
SELECT 'a price or stock level that is too high'
 WHERE EXISTS (SELECT FROM {variant} WHERE greatest(price_minor, compare_at_minor) > %(price)s)
    OR EXISTS (SELECT FROM {stock} WHERE on_hand > %(stock)s)
UNION ALL
SELECT 'options that are not names with texts'
 WHERE EXISTS (SELECT FROM {variant}
                WHERE jsonb_typeof(options) NOT IN ('object', 'array')
                   OR jsonb_path_exists(options, 'strict $.* ? (@.type() != "string")', '{{}}', true)
                   OR jsonb_typeof(options) = 'array'
                  AND (jsonb_path_exists(options, 'strict $[*] ? (@.type() != "array" || @.size() != 2)', '{{}}', true)
                       OR jsonb_path_exists(options, 'strict $[*][*] ? (@.type() != "string")', '{{}}', true))
                   OR jsonb_path_query_array(options, 'strict $.*', '{{}}', true) -> %(options)s::int IS NOT NULL
                   OR (jsonb_typeof(options) = 'array' AND options -> %(options)s::int IS NOT NULL))
UNION ALL
SELECT 'a title, SKU or brand with a character that no page can show'
 WHERE EXISTS (SELECT FROM {product} WHERE title || brand || slug ~ '[\x01-\x1f\x7f]')
    OR EXISTS (SELECT FROM {variant} WHERE sku ~ '[\x01-\x1f\x7f]')
