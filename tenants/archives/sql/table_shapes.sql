-- The tables of {schema}, but for {migrations}: of each its columns, those of its key and its identities, in order.
-- A schema's tables are looked up in pg_depend, which has an index for it; pg_class would be read whole.
SELECT c.relname,
       array_agg(a.attname::text ORDER BY a.attnum),
       COALESCE((SELECT array_agg(k.attname::text ORDER BY array_position(x.indkey::int2[], k.attnum))
                   FROM pg_index x
                   JOIN pg_attribute k ON k.attrelid = c.oid AND k.attnum = ANY(x.indkey::int2[])
                  WHERE x.indrelid = c.oid AND x.indisprimary), '{{}}'),
       COALESCE(array_agg(a.attname::text) FILTER (WHERE a.attidentity <> ''), '{{}}')
  FROM pg_depend d
  JOIN pg_class c ON c.oid = d.objid
  JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
 WHERE d.refclassid = 'pg_catalog.pg_namespace'::regclass AND d.refobjid = to_regnamespace(quote_ident({schema}))
   AND d.classid = 'pg_catalog.pg_class'::regclass AND c.relkind = 'r' AND c.relname <> {migrations}
 GROUP BY c.oid, c.relname
 ORDER BY c.relname
