-- The columns of {schema} whose values a page may be unable to read though the database holds them: moments, JSON and
-- numbers; of each its table, its name and its type.
-- A schema's tables are looked up in pg_depend, which has an index for it; pg_class would be read whole.
SELECT c.relname::text, a.attname::text, t.typname::text
  FROM pg_depend d
  JOIN pg_class c ON c.oid = d.objid
  JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
  JOIN pg_type t ON t.oid = a.atttypid
 WHERE d.refclassid = 'pg_catalog.pg_namespace'::regclass AND d.refobjid = to_regnamespace(quote_ident({schema}))
   AND d.classid = 'pg_catalog.pg_class'::regclass AND c.relkind = 'r'
   AND t.typname IN ('timestamptz', 'date', 'jsonb', 'int8')
 ORDER BY c.relname, a.attnum
