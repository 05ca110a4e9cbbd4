-- Returns and refunds that are open and hold no money, and holds of those that have ended. Returns that hold for a time
-- alone may hold nothing. Returns subject, expected and found.
WITH cause AS (
    SELECT 'return:' || id AS source, sub_order_id,
           status IN ('requested', 'asked', 'escalated') AS must_hold,
           status IN ('requested', 'asked', 'escalated', 'accepted', 'refused') AS may_hold
      FROM public.checkout_return
     UNION ALL
    SELECT 'refund:' || id, sub_order_id, status NOT IN ('processed', 'set_off'), status NOT IN ('processed', 'set_off')
      FROM public.checkout_refund
     WHERE reversal_id IS NOT NULL AND sub_order_id IS NOT NULL
), open_hold AS (
    SELECT source FROM public.payouts_releasehold
     WHERE closed_at IS NULL AND reason IN ('return', 'refund')
)
SELECT coalesce(cause.source, open_hold.source),
       CASE WHEN open_hold.source IS NULL THEN 'a hold' ELSE 'no hold' END,
       CASE WHEN open_hold.source IS NULL THEN 'none' ELSE 'one that is open' END
  FROM cause
  FULL JOIN open_hold ON open_hold.source = cause.source
  LEFT JOIN public.payouts_releaseschedule AS schedule ON schedule.sub_order_id = cause.sub_order_id
 WHERE (open_hold.source IS NULL AND cause.must_hold AND schedule.released_at IS NULL)
    OR (open_hold.source IS NOT NULL AND NOT coalesce(cause.may_hold, FALSE))
 ORDER BY 1
