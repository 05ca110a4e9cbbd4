-- What is pending of the sub-orders %(sub_order_ids)s of the shop %(shop_id)s in %(currency)s, those with anything
-- pending alone: sub-order and amount.
SELECT entry.sub_order_id, -sum(entry.amount_minor)::bigint
  FROM public.payouts_entry AS entry
  JOIN public.payouts_account AS account ON account.id = entry.account_id
 WHERE entry.sub_order_id = ANY(%(sub_order_ids)s)
   AND account.shop_id = %(shop_id)s AND account.code = 'shop_pending' AND account.currency = %(currency)s
 GROUP BY entry.sub_order_id
HAVING sum(entry.amount_minor) < 0
