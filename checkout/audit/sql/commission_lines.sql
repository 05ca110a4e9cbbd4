-- Sub-orders whose commission differs from the sum of what is frozen with their lines, or the tax on it from the one
-- that is frozen beside them.
-- Returns subject, expected and found.
SELECT 'sub-order ' || part.number, lines.amount || ' on its lines', part.commission_minor || ' on the whole'
  FROM public.checkout_suborder AS part
  CROSS JOIN LATERAL (
       SELECT coalesce(sum((line ->> 'amount_minor')::bigint), 0) AS amount
         FROM jsonb_array_elements(part.commission -> 'lines') AS line
  ) AS lines
 WHERE part.commission <> '{}' AND lines.amount <> part.commission_minor
 UNION ALL
SELECT 'sub-order ' || part.number, coalesce(part.commission #>> '{tax,amount_minor}', 'no') || ' tax on commission',
       part.commission_tax_minor || ' on the whole'
  FROM public.checkout_suborder AS part
 WHERE coalesce((part.commission #>> '{tax,amount_minor}')::bigint, 0) <> part.commission_tax_minor
 ORDER BY 1
