-- The schemas among $1 in which one of the tables $2 takes room on the disk. Each table is closed again at once.
SELECT n.nspname::text
  FROM pg_catalog.pg_namespace n
 WHERE n.nspname = ANY($1::text[])
   AND EXISTS (SELECT FROM pg_catalog.pg_class c
                WHERE c.relnamespace = n.oid AND c.relname = ANY($2::text[]) AND c.relkind = 'r'
                  AND pg_relation_size(c.oid) > 0)
