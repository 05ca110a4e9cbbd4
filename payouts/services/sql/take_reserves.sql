-- Take %(amount_minor)s of the open reserves of the shop %(shop_id)s in %(currency)s: of that of the sub-order
-- %(own_id)s first, then of those that end soonest.
-- The caller holds the shop's balances. Returns the share of each reserve that was taken of.
WITH open AS (
    SELECT schedule_id, amount_minor - taken_minor AS left_minor,
           sum(amount_minor - taken_minor) OVER (ORDER BY schedule_id <> %(own_id)s, due_at, schedule_id)
               - (amount_minor - taken_minor) AS before_minor
      FROM public.payouts_reserve
     WHERE shop_id = %(shop_id)s AND currency = %(currency)s AND ended_at IS NULL AND taken_minor < amount_minor
), share AS (
    SELECT schedule_id, least(left_minor, %(amount_minor)s - before_minor)::bigint AS minor
      FROM open
     WHERE before_minor < %(amount_minor)s
)
UPDATE public.payouts_reserve AS reserve
   SET taken_minor = reserve.taken_minor + share.minor
  FROM share
 WHERE reserve.schedule_id = share.schedule_id
RETURNING share.minor
