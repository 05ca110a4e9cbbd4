-- Schedules that count other open holds than they have. Returns subject, expected and found.
SELECT 'release of ' || schedule.number, count(hold.id) || ' open holds', schedule.open_holds || ' open holds'
  FROM public.payouts_releaseschedule AS schedule
  LEFT JOIN public.payouts_releasehold AS hold
    ON hold.schedule_id = schedule.sub_order_id AND hold.closed_at IS NULL
 GROUP BY schedule.sub_order_id
HAVING count(hold.id) <> schedule.open_holds
 ORDER BY 1
