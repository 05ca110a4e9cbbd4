-- Unpaid orders whose time was over long ago: they still reserve stock. Returns subject, expected and found.
-- %(before)s: the time before which they expired.
SELECT 'order ' || number, 'expired',
       'pending, expired on ' || to_char(expires_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI') || ' UTC'
  FROM public.checkout_order
 WHERE status = 'pending' AND expires_at < %(before)s
 ORDER BY expires_at, id
