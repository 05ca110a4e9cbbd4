-- What the schema %(schema)s holds beside tables, their indexes and keys among themselves, in words.
-- A shop's schema must not hold it: a cluster that spreads schemas over machines refuses some of it, and the DDL
-- artefact renders none of it.
-- What is in a schema is looked up in pg_depend, which has an index for it; the other catalogues would be read whole,
-- all shops' rows for each shop. Row types and indexes are not named there: they depend on their tables.
WITH held AS MATERIALIZED (
    SELECT d.classid, d.objid, d.refobjid AS schema
      FROM pg_depend d
     WHERE d.refclassid = 'pg_catalog.pg_namespace'::regclass
       AND d.refobjid = to_regnamespace(quote_ident(%(schema)s))
), relations AS MATERIALIZED (
    SELECT c.oid, c.relname, c.relkind, c.reloptions, c.relrowsecurity, h.schema
      FROM held h JOIN pg_class c ON c.oid = h.objid
     WHERE h.classid = 'pg_catalog.pg_class'::regclass
)
SELECT 'trigger ' || t.tgname FROM relations c JOIN pg_trigger t ON t.tgrelid = c.oid WHERE NOT t.tgisinternal
UNION ALL SELECT 'function ' || p.proname FROM held h JOIN pg_proc p ON p.oid = h.objid
 WHERE h.classid = 'pg_catalog.pg_proc'::regclass
UNION ALL SELECT 'relation ' || c.relname FROM relations c WHERE c.relkind NOT IN ('r', 'S')
UNION ALL SELECT 'sequence ' || c.relname FROM relations c WHERE c.relkind = 'S'
 AND NOT EXISTS (SELECT FROM pg_depend d
                  WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'i')
UNION ALL SELECT 'type ' || t.typname FROM held h JOIN pg_type t ON t.oid = h.objid
 WHERE h.classid = 'pg_catalog.pg_type'::regclass
UNION ALL SELECT 'rule ' || r.rulename FROM relations c JOIN pg_rewrite r ON r.ev_class = c.oid
UNION ALL SELECT 'key across schemas ' || k.conname FROM relations c JOIN pg_constraint k ON k.conrelid = c.oid
  JOIN pg_class f ON f.oid = k.confrelid WHERE f.relnamespace <> c.schema
UNION ALL SELECT 'storage options of ' || c.relname FROM relations c WHERE c.reloptions IS NOT NULL
UNION ALL SELECT 'storage options of ' || i.relname FROM relations c JOIN pg_index x ON x.indrelid = c.oid
  JOIN pg_class i ON i.oid = x.indexrelid WHERE i.reloptions IS NOT NULL
UNION ALL SELECT 'row security of ' || c.relname FROM relations c WHERE c.relrowsecurity
