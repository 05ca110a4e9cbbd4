-- Payments that have been open for long: nothing asks their provider any more. Returns subject, expected and found.
-- %(before)s: the time before which they were started.
SELECT 'payment ' || reference, 'paid, failed or abandoned',
       status || ' since ' || to_char(created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI') || ' UTC'
  FROM public.checkout_payment
 WHERE status IN ('created', 'open') AND created_at < %(before)s
 ORDER BY created_at, id
