-- The indexes of the tables of the schema %s that belong to no constraint.
-- A schema's tables are looked up in pg_depend, and a table's constraints by the table: both have an index for it.
SELECT c.relname, i.relname, pg_get_indexdef(x.indexrelid, 0, true)
FROM pg_depend s
JOIN pg_class c ON c.oid = s.objid
JOIN pg_index x ON x.indrelid = c.oid
JOIN pg_class i ON i.oid = x.indexrelid
WHERE s.refclassid = 'pg_catalog.pg_namespace'::regclass AND s.refobjid = to_regnamespace(quote_ident(%s))
  AND s.classid = 'pg_catalog.pg_class'::regclass
  AND NOT EXISTS (SELECT FROM pg_constraint k
                   WHERE k.conrelid = c.oid AND k.conindid = x.indexrelid AND k.contype IN ('p', 'u', 'x'))
ORDER BY c.relname, i.relname
