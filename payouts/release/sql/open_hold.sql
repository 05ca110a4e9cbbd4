-- Open a hold on a sub-order whose schedule is locked, and count it there: unless its money is released already, or the
-- hold is open, whose lapse is then written anew.
-- %(sub_order_id)s is held for %(reason)s by %(source)s, with the words %(note)s of the user %(opened_by_id)s, if it is
-- a person's; from %(now)s until %(lapses_at)s, if it ends by itself.
WITH hold AS (
    INSERT INTO public.payouts_releasehold AS held
           (schedule_id, reason, source, note, opened_by_id, opened_at, lapses_at)
    SELECT sub_order_id, %(reason)s, %(source)s, %(note)s, %(opened_by_id)s::bigint, %(now)s::timestamptz,
           %(lapses_at)s::timestamptz
      FROM public.payouts_releaseschedule
     WHERE sub_order_id = %(sub_order_id)s AND released_at IS NULL
        ON CONFLICT (source) WHERE closed_at IS NULL DO UPDATE SET lapses_at = excluded.lapses_at
    RETURNING schedule_id, xmax = 0 AS is_new
)
UPDATE public.payouts_releaseschedule AS schedule
   SET open_holds = schedule.open_holds + 1
  FROM hold
 WHERE hold.is_new AND schedule.sub_order_id = hold.schedule_id
