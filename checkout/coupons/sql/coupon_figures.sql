-- Uses, revenue and cost of the coupons %(ids)s by currency; those of a batch's codes are summed for its first code.
-- Revenue and cost are of orders with a part that was sold (statuses %(sold)s): of a shop's coupon the shop's own part.
WITH used AS (
    SELECT COALESCE(coupon.batch_id, coupon.id) AS coupon_id, coupon.shop_id, use.id, use.order_id, use.saved_minor,
           use.currency
      FROM public.checkout_couponuse AS use
      JOIN public.checkout_coupon AS coupon ON coupon.id = use.coupon_id
     WHERE (coupon.id = ANY(%(ids)s) OR coupon.batch_id = ANY(%(ids)s)) AND use.released_at IS NULL
), revenue AS (
    SELECT used.id, sum(part.total_minor) AS paid
      FROM used
      JOIN public.checkout_suborder AS part ON part.order_id = used.order_id
     WHERE part.status = ANY(%(sold)s) AND (used.shop_id IS NULL OR part.shop_id = used.shop_id)
     GROUP BY used.id
)
SELECT used.coupon_id, count(*), COALESCE(sum(revenue.paid), 0),
       COALESCE(sum(used.saved_minor) FILTER (WHERE revenue.id IS NOT NULL), 0), used.currency
  FROM used LEFT JOIN revenue ON revenue.id = used.id
 GROUP BY used.coupon_id, used.currency
 ORDER BY used.coupon_id, used.currency
