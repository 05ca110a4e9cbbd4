-- Parts of undecided disputes whose money could be released, and holds of disputes that are decided.
-- Returns subject, expected and found.
WITH part AS (
    SELECT 'dispute:' || part.id AS source, part.sub_order_id, dispute.lost_minor IS NULL AS is_undecided
      FROM public.payouts_disputepart AS part
      JOIN public.payouts_dispute AS dispute ON dispute.id = part.dispute_id
), open_hold AS (
    SELECT source FROM public.payouts_releasehold WHERE closed_at IS NULL AND reason = 'dispute'
)
SELECT coalesce(part.source, open_hold.source),
       CASE WHEN open_hold.source IS NULL THEN 'a hold' ELSE 'no hold' END,
       CASE WHEN open_hold.source IS NULL THEN 'none' ELSE 'one that is open' END
  FROM part
  FULL JOIN open_hold ON open_hold.source = part.source
  LEFT JOIN public.payouts_releaseschedule AS schedule ON schedule.sub_order_id = part.sub_order_id
 WHERE (open_hold.source IS NULL AND part.is_undecided AND schedule.released_at IS NULL)
    OR (open_hold.source IS NOT NULL AND NOT coalesce(part.is_undecided, FALSE))
 ORDER BY 1
