-- Give the variants %(ids)s of one shop the prices %(prices)s, one by one, and note each in the price history.
-- A was-price that is no longer above the price goes; where there is none, that of %(was)s comes back.
-- {variant} and {price_change} are the shop's tables; they are locked before. %(now)s is when.
WITH wanted AS (
    SELECT * FROM unnest(%(ids)s::uuid[], %(prices)s::bigint[], %(was)s::bigint[]) AS w(id, price_minor, was_minor)
), noted AS (
    INSERT INTO {price_change} (variant_id, price_minor, changed_at) SELECT id, price_minor, %(now)s FROM wanted
)
UPDATE {variant} v
   SET price_minor = w.price_minor,
       compare_at_minor = CASE WHEN COALESCE(v.compare_at_minor, w.was_minor) > w.price_minor
                               THEN COALESCE(v.compare_at_minor, w.was_minor) END
  FROM wanted w WHERE v.id = w.id
