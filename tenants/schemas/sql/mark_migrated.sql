-- Note of the shops %(shops)s that their schemas have the migrations of the digest %(digest)s, and by which table.
UPDATE public.tenants_shop AS shop
   SET migrated_to = %(digest)s || ':' || record.oid
  FROM pg_catalog.pg_namespace AS namespace
  JOIN pg_catalog.pg_class AS record
    ON record.relnamespace = namespace.oid AND record.relname = 'django_migrations' AND record.relkind = 'r'
 WHERE namespace.nspname = shop.schema_name AND shop.id = ANY(%(shops)s)
