-- Refunds that are not out long after they were asked for, and those that have failed and wait for a person.
-- Returns subject, expected and found.
-- %(asked_before)s, %(sent_before)s: the times before which they were asked for and sent.
SELECT 'refund ' || id, 'processed',
       status || ' since ' || to_char(coalesce(sent_at, created_at) AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI') || ' UTC'
  FROM public.checkout_refund
 WHERE status = 'requested' AND created_at < %(asked_before)s
    OR status = 'sent' AND coalesce(sent_at, created_at) < %(sent_before)s
    OR status IN ('failed', 'needs_attention') AND coalesce(checked_at, created_at) < %(asked_before)s
 ORDER BY created_at, id
