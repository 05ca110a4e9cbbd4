-- The next %(limit)s parts of orders behind the part %(after)s whose snapshot has options as an object, with their
-- shop and the lines as text.
SELECT part.id, part.shop_id, part.lines::text
  FROM public.checkout_suborder AS part
 WHERE part.id > %(after)s AND jsonb_path_exists(part.lines, '$[*].options ? (@.type() == "object")')
 ORDER BY part.id LIMIT %(limit)s
