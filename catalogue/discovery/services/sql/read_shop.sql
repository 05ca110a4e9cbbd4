-- Read what a shop's own tables say of its products and of their variants, as two texts of JSON.
-- {product}, {variant}, {stock} and {image} are the shop's tables; {chosen} narrows the products to those in $1,
-- or is TRUE.
SELECT (
       SELECT COALESCE(json_agg(r ORDER BY r.id), '[]')::text
         FROM (
               SELECT p.id, p.title, p.slug, p.description, p.category_id, p.brand, p.status = 'active' AS is_published,
                      p.created_at, p.updated_at, COALESCE(i.images, '[]'::jsonb) AS images,
                      v.price_minor, v.price_max_minor, v.compare_at_minor, v.is_in_stock
                 FROM {product} p
                 JOIN LATERAL (
                      SELECT min(v.price_minor) AS price_minor, max(v.price_minor) AS price_max_minor,
                             (array_agg(v.compare_at_minor ORDER BY v.price_minor, v.position, v.id))[1]
                               AS compare_at_minor,
                             bool_or(COALESCE(s.on_hand > s.reserved, FALSE)) AS is_in_stock
                        FROM {variant} v LEFT JOIN {stock} s ON s.variant_id = v.id
                       WHERE v.product_id = p.id AND v.deleted_at IS NULL
                      HAVING count(*) > 0
                      ) v ON TRUE
                 LEFT JOIN LATERAL (
                      SELECT jsonb_agg(jsonb_build_object('file', i.file, 'alt', i.alt) ORDER BY i.position, i.id)
                               AS images
                        FROM {image} i WHERE i.product_id = p.id
                      ) i ON TRUE
                WHERE p.deleted_at IS NULL AND {chosen}
              ) r
       ) AS products,
       (
       SELECT COALESCE(json_agg(r ORDER BY r.id), '[]')::text
         FROM (
               SELECT v.id, v.product_id AS listing_id, v.sku, v.options, v.price_minor, v.compare_at_minor,
                      COALESCE(s.on_hand > s.reserved, FALSE) AS is_in_stock, v.position
                 FROM {product} p
                 JOIN {variant} v ON v.product_id = p.id AND v.deleted_at IS NULL
                 LEFT JOIN {stock} s ON s.variant_id = v.id
                WHERE p.deleted_at IS NULL AND {chosen}
              ) r
       ) AS variants
