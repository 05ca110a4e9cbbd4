-- Returns that are over without their refund, or whose reversal is of another part, another kind or more units than
-- were sent back; and reversals of returns that no return has. Returns subject, expected and found.
SELECT 'return ' || returned.id, 'a reversal of its units', coalesce(reversal.id::text, 'none')
  FROM public.checkout_return AS returned
  LEFT JOIN public.checkout_reversal AS reversal ON reversal.id = returned.reversal_id
 WHERE returned.status IN ('received', 'refunded', 'exchanged')
   AND (reversal.id IS NULL OR reversal.kind <> 'return' OR reversal.sub_order_id <> returned.sub_order_id
        OR EXISTS (SELECT FROM jsonb_each(reversal.lines) AS line
                    WHERE line.value::int > coalesce((returned.lines ->> line.key)::int, 0)))
 UNION ALL
SELECT 'reversal ' || reversal.id, 'a return', 'none'
  FROM public.checkout_reversal AS reversal
  LEFT JOIN public.checkout_return AS returned ON returned.reversal_id = reversal.id
 WHERE reversal.kind = 'return' AND returned.id IS NULL
 UNION ALL
SELECT 'return ' || returned.id, 'refunds that are over', 'others'
  FROM public.checkout_return AS returned
  JOIN public.checkout_refund AS refund ON refund.reversal_id = returned.reversal_id
 WHERE returned.status = 'refunded' AND refund.status NOT IN ('processed', 'set_off')
 ORDER BY 1
