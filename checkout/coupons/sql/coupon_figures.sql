-- Uses, revenue and cost of the coupons %(ids)s by currency; those of a batch's codes are summed for its first code.
-- A use counts while a part of its order, of a shop's coupon the shop's own, is paid or waits for its payment (statuses
-- %(earning)s). Revenue and cost are of the parts that were sold (statuses %(sold)s), without the units that were taken
-- back: the discount of a line goes with its units in proportion, rounded down to what can be paid: whole units of
-- %(major)s in the currencies %(whole)s. Of a free delivery the whole is its cost.
WITH used AS (
    SELECT COALESCE(coupon.batch_id, coupon.id) AS coupon_id, coupon.shop_id, use.id, use.order_id,
           'coupon:' || coupon.code AS source, use.currency
      FROM public.checkout_couponuse AS use
      JOIN public.checkout_coupon AS coupon ON coupon.id = use.coupon_id
     WHERE (coupon.id = ANY(%(ids)s) OR coupon.batch_id = ANY(%(ids)s)) AND use.released_at IS NULL
), part AS (
    SELECT used.id AS use_id, used.source, part.id, part.currency, part.lines, part.adjustments,
           part.status = ANY(%(sold)s) AS is_sold,
           part.total_minor - COALESCE(sum(back.total_minor), 0) AS paid_minor
      FROM used
      JOIN public.checkout_suborder AS part
        ON part.order_id = used.order_id AND (used.shop_id IS NULL OR part.shop_id = used.shop_id)
      LEFT JOIN public.checkout_reversal AS back ON back.sub_order_id = part.id
     WHERE part.status = ANY(%(earning)s)
     GROUP BY used.id, used.source, part.id
), cost AS (
    SELECT part.use_id,
           sum(off.minor - CASE WHEN line.quantity = taken.units THEN off.minor
                                ELSE off.minor * COALESCE(taken.units, 0) / COALESCE(line.quantity, 1)
                                     / smallest.unit * smallest.unit END) AS minor
      FROM part
     CROSS JOIN LATERAL jsonb_array_elements(part.adjustments) AS each(value)
     CROSS JOIN LATERAL (SELECT -(each.value ->> 'amount_minor')::bigint AS minor) AS off
      LEFT JOIN LATERAL jsonb_to_recordset(part.lines) AS line(variant_id text, quantity bigint)
        ON line.variant_id = each.value ->> 'variant_id'
     CROSS JOIN LATERAL (SELECT sum((r.lines ->> line.variant_id)::bigint)::bigint AS units
                           FROM public.checkout_reversal AS r WHERE r.sub_order_id = part.id) AS taken
     CROSS JOIN LATERAL (SELECT CASE WHEN part.currency = ANY(%(whole)s) THEN %(major)s ELSE 1 END AS unit)
           AS smallest
     WHERE part.is_sold AND each.value ->> 'source' = part.source
     GROUP BY part.use_id
), revenue AS (
    SELECT use_id, COALESCE(sum(paid_minor) FILTER (WHERE is_sold), 0) AS paid FROM part GROUP BY use_id
)
SELECT used.coupon_id, count(*), sum(revenue.paid), COALESCE(sum(cost.minor), 0), used.currency
  FROM used
  JOIN revenue ON revenue.use_id = used.id
  LEFT JOIN cost ON cost.use_id = used.id
 GROUP BY used.coupon_id, used.currency
 ORDER BY used.coupon_id, used.currency
