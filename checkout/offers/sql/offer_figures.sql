-- Parts of orders of the shop %(shop_id)s that were sold (statuses %(sold)s) with one of the offers of the sources
-- %(sources)s: how many, what was paid for them and what the offer took off, without the units that were taken back.
-- The discount of a line's units goes with them in proportion, rounded down to what can be paid: whole units of
-- %(major)s in the currencies %(whole)s. A part of whose goods nothing is left in the offer is none.
SELECT given.source, count(*), sum(given.paid_minor), sum(given.cost_minor)
  FROM (SELECT part.id, part.total_minor - back.total_minor AS paid_minor, each.value ->> 'source' AS source,
               sum(off.minor - CASE WHEN line.quantity = taken.units THEN off.minor
                                    ELSE off.minor * taken.units / line.quantity / smallest.unit * smallest.unit END
                  ) AS cost_minor
          FROM public.checkout_suborder AS part
         CROSS JOIN LATERAL jsonb_array_elements(part.adjustments) AS each(value)
         CROSS JOIN LATERAL (SELECT -(each.value ->> 'amount_minor')::bigint AS minor) AS off
          JOIN LATERAL jsonb_to_recordset(part.lines) AS line(variant_id text, quantity bigint)
            ON line.variant_id = each.value ->> 'variant_id'
         CROSS JOIN LATERAL (SELECT COALESCE(sum(r.total_minor), 0) AS total_minor
                               FROM public.checkout_reversal AS r WHERE r.sub_order_id = part.id) AS back
         CROSS JOIN LATERAL (SELECT COALESCE(sum((r.lines ->> line.variant_id)::bigint), 0)::bigint AS units
                               FROM public.checkout_reversal AS r WHERE r.sub_order_id = part.id) AS taken
         CROSS JOIN LATERAL (SELECT CASE WHEN part.currency = ANY(%(whole)s) THEN %(major)s ELSE 1 END AS unit)
               AS smallest
         WHERE part.shop_id = %(shop_id)s AND part.status = ANY(%(sold)s)
           AND each.value ->> 'source' = ANY(%(sources)s)
         GROUP BY part.id, back.total_minor, each.value ->> 'source') AS given
 WHERE given.cost_minor > 0
 GROUP BY given.source
 ORDER BY given.source
