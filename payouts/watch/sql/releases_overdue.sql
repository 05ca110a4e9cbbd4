-- Delivered parts that nothing holds, whose money was due long ago. Returns subject, expected and found.
-- %(before)s: the time before which it was due.
SELECT 'sub-order ' || number, 'released',
       'due on ' || to_char(due_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI') || ' UTC'
  FROM public.payouts_releaseschedule
 WHERE released_at IS NULL AND open_holds = 0 AND due_at < %(before)s
 ORDER BY due_at, sub_order_id
