-- Coupons whose counted uses are not those of orders that have not ended unpaid.
-- Returns subject, expected and found.
SELECT 'coupon ' || coupon.code || COALESCE(' of shop ' || coupon.shop_id, ' of the platform'),
       count(use.id) || ' used', coupon.used || ' used'
  FROM public.checkout_coupon AS coupon
  LEFT JOIN public.checkout_couponuse AS use ON use.coupon_id = coupon.id AND use.released_at IS NULL
 GROUP BY coupon.id
HAVING count(use.id) <> coupon.used
 ORDER BY coupon.id
