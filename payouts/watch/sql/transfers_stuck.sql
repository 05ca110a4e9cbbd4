-- Transfers that were asked for long ago and have no final state. Returns subject, expected and found.
-- %(before)s: the time before which they were asked for.
SELECT 'transfer ' || reference, 'a final state',
       state || ', asked for on ' || to_char(asked_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI') || ' UTC'
  FROM public.payouts_transfer
 WHERE place = 'set_aside' AND state <> 'prepared' AND asked_at < %(before)s
 ORDER BY id
