-- Write the schedule of a sub-order unless it is there, and lock it either way.
-- A delivery gives its times; a hold that comes first gives none. The times of a delivery are written once.
-- %(sub_order_id)s is of the shop %(shop_id)s, with %(number)s and %(currency)s; it arrived at %(delivered_at)s, and is
-- released after %(hold_days)s days, at %(due_at)s.
INSERT INTO public.payouts_releaseschedule AS schedule
       (sub_order_id, shop_id, number, currency, delivered_at, hold_days, due_at)
VALUES (%(sub_order_id)s, %(shop_id)s, %(number)s, %(currency)s,
        %(delivered_at)s::timestamptz, %(hold_days)s::smallint, %(due_at)s::timestamptz)
    ON CONFLICT (sub_order_id) DO UPDATE
   SET delivered_at = coalesce(schedule.delivered_at, excluded.delivered_at),
       hold_days = coalesce(schedule.hold_days, excluded.hold_days),
       due_at = coalesce(schedule.due_at, excluded.due_at)
