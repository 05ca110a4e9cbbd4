-- The columns of the tables of the schema %s, in order: type, nullability, identity, default, collation.
-- A schema's tables are looked up in pg_depend, which has an index for it; pg_class would be read whole.
SELECT c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attidentity::text,
       pg_get_expr(d.adbin, d.adrelid), a.attgenerated::text,
       CASE WHEN a.attcollation <> t.typcollation THEN quote_ident(n.nspname) || '.' || quote_ident(l.collname) END
FROM pg_depend s
JOIN pg_class c ON c.oid = s.objid
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
JOIN pg_type t ON t.oid = a.atttypid
LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
LEFT JOIN pg_collation l ON l.oid = a.attcollation
LEFT JOIN pg_namespace n ON n.oid = l.collnamespace
WHERE s.refclassid = 'pg_catalog.pg_namespace'::regclass AND s.refobjid = to_regnamespace(quote_ident(%s))
  AND s.classid = 'pg_catalog.pg_class'::regclass AND c.relkind = 'r'
ORDER BY c.relname, a.attnum
