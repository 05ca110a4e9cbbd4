-- What is pending of the delivered orders of the shop %(shop_id)s, by the day on which it is due, in the time zone
-- %(zone)s; what is held, on no day.
-- Returns the day, the number of orders and the amount, the days first.
SELECT CASE WHEN schedule.open_holds = 0 THEN (schedule.due_at AT TIME ZONE %(zone)s)::date END AS due_on,
       count(*), sum(pending.amount_minor)::bigint
  FROM public.payouts_releaseschedule AS schedule
  JOIN LATERAL (SELECT -sum(entry.amount_minor) AS amount_minor
                  FROM public.payouts_entry AS entry
                  JOIN public.payouts_account AS account ON account.id = entry.account_id
                 WHERE entry.sub_order_id = schedule.sub_order_id
                   AND account.shop_id = schedule.shop_id AND account.code = 'shop_pending') AS pending
    ON pending.amount_minor > 0
 WHERE schedule.shop_id = %(shop_id)s AND schedule.released_at IS NULL
   AND (schedule.due_at IS NOT NULL OR schedule.open_holds > 0)
 GROUP BY due_on
 ORDER BY due_on NULLS LAST
