-- Every shop that is not deleted, in the order of its making: its row's facts, how often it failed to be migrated, and
-- the table in its schema that records migrations, if there is one. It reads no shop's table, so it locks none.
SELECT shop.id, shop.slug, shop.schema_name, shop.schema_version, shop.migrated_to, record.oid::bigint, failure.attempts
  FROM public.tenants_shop AS shop
  LEFT JOIN public.tenants_migrationfailure AS failure ON failure.shop_id = shop.id
  LEFT JOIN pg_catalog.pg_namespace AS namespace ON namespace.nspname = shop.schema_name
  LEFT JOIN pg_catalog.pg_class AS record
    ON record.relnamespace = namespace.oid AND record.relname = 'django_migrations' AND record.relkind = 'r'
 WHERE shop.status <> 'deleted'
 ORDER BY shop.id
