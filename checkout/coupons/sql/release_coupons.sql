-- Release the uses of the order %(order_id)s at %(now)s: take them off the coupons' and the buyers' counts.
-- Coupons are locked in primary-key order, then the uses and the buyers' counts, which only the holder of the coupon
-- changes; a use that was released before is left alone.
WITH held AS (
    SELECT id, coupon_id, buyer FROM public.checkout_couponuse
     WHERE order_id = %(order_id)s AND released_at IS NULL
), locked AS (
    SELECT c.id, c.used, c.uses_total FROM public.checkout_coupon c
     WHERE c.id IN (SELECT coupon_id FROM held)
     ORDER BY c.id
       FOR NO KEY UPDATE OF c
), released AS (
    UPDATE public.checkout_couponuse u SET released_at = %(now)s
      FROM held h JOIN locked l ON l.id = h.coupon_id
     WHERE u.id = h.id AND u.released_at IS NULL
 RETURNING u.coupon_id, u.buyer
), buyers AS (
    UPDATE public.checkout_couponbuyer b SET used = b.used - 1
      FROM released r
     WHERE b.coupon_id = r.coupon_id AND b.buyer = r.buyer AND b.used > 0
)
UPDATE public.checkout_coupon c SET used = l.used - 1, uses_total = l.uses_total
  FROM locked l JOIN released r ON r.coupon_id = l.id
 WHERE c.id = l.id AND l.used > 0
