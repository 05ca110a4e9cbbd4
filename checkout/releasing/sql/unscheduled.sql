-- Delivered parts whose release is not scheduled, the oldest first and %(limit)s at most: id of the part and of its
-- order.
SELECT part.id, part.order_id
  FROM public.checkout_suborder AS part
  LEFT JOIN public.payouts_releaseschedule AS schedule ON schedule.sub_order_id = part.id
 WHERE part.status = 'delivered' AND schedule.delivered_at IS NULL
 ORDER BY part.id
 LIMIT %(limit)s
