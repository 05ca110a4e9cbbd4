-- Payout runs that have waited for a second person, or been under way, for long. Returns subject, expected, found.
-- %(before)s: the time before which they were made.
SELECT 'payout run ' || id, 'done or cancelled',
       status || ' since ' || to_char(created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI') || ' UTC'
  FROM public.payouts_payoutrun
 WHERE ended_at IS NULL AND created_at < %(before)s
 ORDER BY id
