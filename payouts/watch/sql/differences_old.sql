-- Differences of the reconciliation that have been open for long. Returns subject, expected and found.
-- %(before)s: the time before which they were found.
SELECT 'difference ' || id, 'ended',
       kind || ', ' || cause || ', found on '
           || to_char(first_seen_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI') || ' UTC'
  FROM public.payouts_difference
 WHERE ended_at IS NULL AND first_seen_at < %(before)s
 ORDER BY id
