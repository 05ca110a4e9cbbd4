-- The coupons that the codes $1 name in the shops $2, or as the platform's own, as they are now.
-- $3 the buyer's key, $4 their account, $5 their e-mail address; empty or null where they are not known yet. A coupon
-- for a first order comes too late for a buyer with an order that has not ended unpaid: at the shop, if it is a shop's.
SELECT coupon.id, coupon.code, coupon.shop_id, coupon.kind, coupon.percent_bps, coupon.amount_minor, coupon.currency,
       coupon.minimum_minor, coupon.starts_at, coupon.ends_at, coupon.uses_total, coupon.uses_per_buyer, coupon.used,
       coupon.is_first_order, coupon.is_paused, coupon.products::json, coupon.categories::json, coupon.shops::json,
       COALESCE((SELECT used FROM public.checkout_couponbuyer WHERE coupon_id = coupon.id AND buyer = $3), 0),
       coupon.is_first_order AND EXISTS (
           SELECT FROM public.checkout_order AS placed
             JOIN public.checkout_suborder AS part ON part.order_id = placed.id
            WHERE (placed.buyer_id = $4::bigint OR placed.buyer_id IS NULL AND placed.email = $5 AND $5 <> '')
              AND placed.status NOT IN ('expired', 'cancelled')
              AND (coupon.shop_id IS NULL OR part.shop_id = coupon.shop_id))
  FROM public.checkout_coupon AS coupon
 WHERE coupon.code IN (SELECT json_array_elements_text($1::json))
   AND (coupon.shop_id IS NULL OR coupon.shop_id = ANY($2::bigint[]))
   AND coupon.deleted_at IS NULL
 ORDER BY coupon.id
