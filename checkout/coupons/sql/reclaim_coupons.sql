-- Lock the coupons of the order %(order_id)s, and count its released uses again, as far as the limits allow.
-- Returns the code of each that could not be counted.
WITH held AS (
    SELECT id, coupon_id, buyer, released_at IS NOT NULL AS is_released FROM public.checkout_couponuse
     WHERE order_id = %(order_id)s
), locked AS (
    SELECT c.id, c.code, c.used, c.uses_total, CASE WHEN c.is_first_order THEN 1 ELSE c.uses_per_buyer END AS most
      FROM public.checkout_coupon c
     WHERE c.id IN (SELECT coupon_id FROM held)
     ORDER BY c.id
       FOR NO KEY UPDATE OF c
), released AS (
    SELECT l.*, h.id AS use_id, h.buyer FROM locked l JOIN held h ON h.coupon_id = l.id WHERE h.is_released
), buyer AS (
    INSERT INTO public.checkout_couponbuyer AS b (coupon_id, buyer, used)
    SELECT id, buyer, 1 FROM released WHERE uses_total IS NULL OR used < uses_total ORDER BY id
        ON CONFLICT (coupon_id, buyer) DO UPDATE SET used = b.used + 1
     WHERE b.used < COALESCE((SELECT r.most FROM released r WHERE r.id = b.coupon_id), b.used + 1)
 RETURNING coupon_id
), counted AS (
    UPDATE public.checkout_coupon c SET used = r.used + 1, uses_total = r.uses_total
      FROM released r JOIN buyer b ON b.coupon_id = r.id
     WHERE c.id = r.id
 RETURNING c.id
), written AS (
    UPDATE public.checkout_couponuse u SET released_at = NULL
      FROM released r JOIN counted ON counted.id = r.id
     WHERE u.id = r.use_id
)
SELECT code FROM released WHERE NOT EXISTS (SELECT FROM counted WHERE counted.id = released.id) ORDER BY code
