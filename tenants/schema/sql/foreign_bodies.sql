-- What the schema %(schema)s holds beside tables, their indexes and keys among themselves, in words.
-- A shop's schema must not hold it: a cluster that spreads schemas over machines refuses some of it, and the DDL
-- artefact renders none of it.
WITH s AS (SELECT to_regnamespace(quote_ident(%(schema)s))::oid AS oid)
SELECT 'trigger ' || t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid, s
 WHERE c.relnamespace = s.oid AND NOT t.tgisinternal
UNION ALL SELECT 'function ' || p.proname FROM pg_proc p, s WHERE p.pronamespace = s.oid
UNION ALL SELECT 'relation ' || c.relname FROM pg_class c, s
 WHERE c.relnamespace = s.oid AND c.relkind NOT IN ('r', 'i', 'S')
UNION ALL SELECT 'sequence ' || c.relname FROM pg_class c, s WHERE c.relnamespace = s.oid AND c.relkind = 'S'
 AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'i')
UNION ALL SELECT 'type ' || t.typname FROM pg_type t, s WHERE t.typnamespace = s.oid AND t.typtype IN ('d', 'e')
UNION ALL SELECT 'rule ' || r.rulename FROM pg_rewrite r JOIN pg_class c ON c.oid = r.ev_class, s
 WHERE c.relnamespace = s.oid
UNION ALL SELECT 'key across schemas ' || k.conname FROM pg_constraint k JOIN pg_class f ON f.oid = k.confrelid, s
 WHERE k.connamespace = s.oid AND f.relnamespace <> s.oid
UNION ALL SELECT 'storage options of ' || c.relname FROM pg_class c, s
 WHERE c.relnamespace = s.oid AND c.reloptions IS NOT NULL
UNION ALL SELECT 'row security of ' || c.relname FROM pg_class c, s WHERE c.relnamespace = s.oid AND c.relrowsecurity
