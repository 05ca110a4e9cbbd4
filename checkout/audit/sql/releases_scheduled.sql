-- Delivered parts whose release is not scheduled, or is of another shop or currency; and schedules of a delivery that
-- is none. Returns subject, expected and found.
SELECT 'sub-order ' || part.number, 'a schedule since its delivery',
       CASE WHEN schedule.sub_order_id IS NULL THEN 'none' ELSE 'one without a delivery, or of another shop' END
  FROM public.checkout_suborder AS part
  LEFT JOIN public.payouts_releaseschedule AS schedule ON schedule.sub_order_id = part.id
 WHERE part.status = 'delivered'
   AND (schedule.delivered_at IS NULL OR schedule.shop_id <> part.shop_id OR schedule.currency <> part.currency)
 UNION ALL
SELECT 'release of ' || schedule.number, 'a delivered sub-order', coalesce(part.status, 'none')
  FROM public.payouts_releaseschedule AS schedule
  LEFT JOIN public.checkout_suborder AS part ON part.id = schedule.sub_order_id
 WHERE schedule.delivered_at IS NOT NULL AND part.status IS DISTINCT FROM 'delivered'
 ORDER BY 1
