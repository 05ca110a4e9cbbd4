-- Parts of orders of the shop %(shop_id)s that were sold (statuses %(sold)s) with one of the offers of the sources
-- %(sources)s: how many, what was paid for them and what the offer took off.
SELECT given.source, count(*), sum(given.total_minor), sum(given.cost_minor)
  FROM (SELECT part.id, part.total_minor, each.value ->> 'source' AS source,
               -sum((each.value ->> 'amount_minor')::bigint) AS cost_minor
          FROM public.checkout_suborder AS part
         CROSS JOIN LATERAL jsonb_array_elements(part.adjustments) AS each(value)
         WHERE part.shop_id = %(shop_id)s AND part.status = ANY(%(sold)s)
           AND each.value ->> 'source' = ANY(%(sources)s)
         GROUP BY part.id, each.value ->> 'source') AS given
 GROUP BY given.source
 ORDER BY given.source
