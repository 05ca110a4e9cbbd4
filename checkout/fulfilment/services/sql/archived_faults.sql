-- What pages could not show of the rows of {vendor_order} and {line}: one row for each kind of fault.
-- %(currencies)s are those of the market.
SELECT 'an order whose address is not one of texts'
 WHERE EXISTS (SELECT FROM {vendor_order}
                WHERE jsonb_typeof(shipping_address) <> 'object'
                   OR jsonb_path_exists(shipping_address, '$.* ? (@.type() != "string" && @.type() != "null")'))
UNION ALL
SELECT 'an order in a currency that is not known'
 WHERE EXISTS (SELECT FROM {vendor_order} WHERE NOT currency = ANY(%(currencies)s))
UNION ALL
SELECT 'an order line whose options are not names with texts'
 WHERE EXISTS (SELECT FROM {line}
                WHERE jsonb_typeof(options) NOT IN ('object', 'array')
                   OR jsonb_path_exists(options, 'strict $.* ? (@.type() != "string")', '{{}}', true)
                   OR jsonb_path_exists(options, 'strict $[*][*] ? (@.type() != "string")', '{{}}', true))
