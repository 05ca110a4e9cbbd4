-- The columns of {schema} whose values a page may be unable to read though the database holds them: moments, JSON and
-- numbers; of each its table, its name and its type.
SELECT c.relname::text, a.attname::text, t.typname::text
  FROM pg_class c
  JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
  JOIN pg_type t ON t.oid = a.atttypid
 WHERE c.relnamespace = to_regnamespace(quote_ident({schema})) AND c.relkind = 'r'
   AND t.typname IN ('timestamptz', 'date', 'jsonb', 'int8')
 ORDER BY c.relname, a.attnum
