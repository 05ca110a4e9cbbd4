-- Count one use of each coupon $1 by the buyer $2, write the uses for the order $3, and say what was {found}.
-- $1 is JSON: use_id, coupon_id, saved_minor and currency of each. $4 now.
-- Coupons are locked in primary-key order; the lock makes the figures in `locked` the latest committed ones. `counted`
-- writes both columns from them, because PostgreSQL checks constraints on the row of the statement's snapshot first. A
-- buyer's count is inserted or, where its latest committed figure is below the limit, raised.
WITH wanted AS (
    SELECT * FROM json_to_recordset($1::json)
        AS w(use_id uuid, coupon_id uuid, saved_minor bigint, currency text)
), locked AS (
    SELECT c.id, c.used, c.uses_total, CASE WHEN c.is_first_order THEN 1 ELSE c.uses_per_buyer END AS most,
           c.is_paused OR c.deleted_at IS NOT NULL AS is_closed
      FROM public.checkout_coupon c JOIN wanted w ON w.coupon_id = c.id
     ORDER BY c.id
       FOR NO KEY UPDATE OF c
), open AS (
    SELECT * FROM locked WHERE NOT is_closed AND (uses_total IS NULL OR used < uses_total)
), buyer AS (
    INSERT INTO public.checkout_couponbuyer AS b (coupon_id, buyer, used)
    SELECT id, $2, 1 FROM open ORDER BY id
        ON CONFLICT (coupon_id, buyer) DO UPDATE SET used = b.used + 1
     WHERE b.used < COALESCE((SELECT l.most FROM locked l WHERE l.id = b.coupon_id), b.used + 1)
 RETURNING coupon_id
), counted AS (
    UPDATE public.checkout_coupon c SET used = o.used + 1, uses_total = o.uses_total
      FROM open o JOIN buyer b ON b.coupon_id = o.id
     WHERE c.id = o.id
 RETURNING c.id
), written AS (
    INSERT INTO public.checkout_couponuse (id, coupon_id, order_id, buyer, saved_minor, currency, created_at)
    SELECT w.use_id, w.coupon_id, $3::uuid, $2, w.saved_minor, w.currency, $4::timestamptz
      FROM wanted w JOIN counted ON counted.id = w.coupon_id
)
{found}
