-- The tables of {schema}, but for {migrations}: of each its columns, those of its key and its identities, in order.
SELECT c.relname,
       array_agg(a.attname::text ORDER BY a.attnum),
       COALESCE((SELECT array_agg(k.attname::text ORDER BY array_position(x.indkey::int2[], k.attnum))
                   FROM pg_index x
                   JOIN pg_attribute k ON k.attrelid = c.oid AND k.attnum = ANY(x.indkey::int2[])
                  WHERE x.indrelid = c.oid AND x.indisprimary), '{{}}'),
       COALESCE(array_agg(a.attname::text) FILTER (WHERE a.attidentity <> ''), '{{}}')
  FROM pg_class c
  JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
 WHERE c.relnamespace = to_regnamespace(quote_ident({schema})) AND c.relkind = 'r' AND c.relname <> {migrations}
 GROUP BY c.oid, c.relname
 ORDER BY c.relname
