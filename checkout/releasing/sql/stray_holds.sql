-- Returns and refunds whose money is not held though they are open, or is held though they have ended: kind and id.
-- A hold that has lapsed is no stray: of returns that hold for a time alone, those within it count,
-- refused ones since %(refused_since)s and accepted ones since %(accepted_since)s.
WITH open_hold AS (
    SELECT source FROM public.payouts_releasehold WHERE closed_at IS NULL
)
SELECT 'return', returned.id
  FROM public.checkout_return AS returned
  LEFT JOIN open_hold ON open_hold.source = 'return:' || returned.id
  LEFT JOIN public.payouts_releaseschedule AS schedule ON schedule.sub_order_id = returned.sub_order_id
 WHERE open_hold.source IS NULL AND schedule.released_at IS NULL
   AND (returned.status IN ('requested', 'asked', 'escalated')
        OR returned.status = 'refused' AND returned.status_at > %(refused_since)s
        OR returned.status = 'accepted' AND returned.status_at > %(accepted_since)s)
 UNION ALL
SELECT 'return', returned.id
  FROM open_hold
  JOIN public.checkout_return AS returned ON open_hold.source = 'return:' || returned.id
 WHERE returned.status IN ('rejected', 'cancelled', 'received', 'refunded')
 UNION ALL
SELECT 'refund', refund.id
  FROM public.checkout_refund AS refund
  LEFT JOIN open_hold ON open_hold.source = 'refund:' || refund.id
  LEFT JOIN public.payouts_releaseschedule AS schedule ON schedule.sub_order_id = refund.sub_order_id
 WHERE open_hold.source IS NULL AND schedule.released_at IS NULL
   AND refund.reversal_id IS NOT NULL AND refund.sub_order_id IS NOT NULL
   AND refund.status NOT IN ('processed', 'set_off')
 UNION ALL
SELECT 'refund', refund.id
  FROM open_hold
  JOIN public.checkout_refund AS refund ON open_hold.source = 'refund:' || refund.id
 WHERE refund.status IN ('processed', 'set_off')
