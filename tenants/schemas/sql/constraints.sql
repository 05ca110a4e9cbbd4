-- The constraints of the tables of the schema %s, with the table that a key refers to, in the order in which they are
-- rendered. A schema's tables are looked up in pg_depend, which has an index for it.
SELECT c.relname, k.conname, k.contype::text, pg_get_constraintdef(k.oid, true), f.relname
FROM pg_depend s
JOIN pg_class c ON c.oid = s.objid
JOIN pg_constraint k ON k.conrelid = c.oid
LEFT JOIN pg_class f ON f.oid = k.confrelid
WHERE s.refclassid = 'pg_catalog.pg_namespace'::regclass AND s.refobjid = to_regnamespace(quote_ident(%s))
  AND s.classid = 'pg_catalog.pg_class'::regclass AND k.contype IN ('p', 'u', 'c', 'f', 'x')
ORDER BY c.relname, array_position(ARRAY['p', 'u', 'x', 'c', 'f'], k.contype::text), k.conname
