-- Close the open hold of a source at a moment, and count it no more; the schedule is locked before the hold, as by who
-- opens it.
-- %(source)s names what holds, %(now)s is the moment.
WITH held AS MATERIALIZED (
    SELECT schedule.sub_order_id
      FROM public.payouts_releasehold AS hold
      JOIN public.payouts_releaseschedule AS schedule ON schedule.sub_order_id = hold.schedule_id
     WHERE hold.source = %(source)s AND hold.closed_at IS NULL
       FOR UPDATE OF schedule
), closed AS (
    UPDATE public.payouts_releasehold AS hold
       SET closed_at = greatest(hold.opened_at, %(now)s::timestamptz)
      FROM held
     WHERE hold.schedule_id = held.sub_order_id AND hold.source = %(source)s AND hold.closed_at IS NULL
    RETURNING hold.schedule_id
)
UPDATE public.payouts_releaseschedule AS schedule
   SET open_holds = schedule.open_holds - 1
  FROM closed
 WHERE schedule.sub_order_id = closed.schedule_id
