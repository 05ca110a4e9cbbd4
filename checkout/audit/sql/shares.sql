-- Sub-orders whose booked share, commission and tax on it differ from what their amounts and status make due, without
-- what was taken back; what is held for a dispute is the shop's still.
-- Returns subject, expected and found.
WITH booked AS (
    SELECT entry.sub_order_id,
           -coalesce(sum(entry.amount_minor) FILTER (WHERE account.shop_id = sub_order.shop_id
                                                       OR account.code = 'dispute_reserve'), 0) AS payable,
           -coalesce(sum(entry.amount_minor) FILTER (WHERE account.code = 'commission'), 0) AS commission,
           -coalesce(sum(entry.amount_minor) FILTER (WHERE account.code = 'commission_tax'), 0) AS tax,
           coalesce(sum(entry.amount_minor) FILTER (WHERE account.code = 'platform_promotions'), 0) AS promotion
      FROM public.payouts_entry AS entry
      JOIN public.payouts_account AS account ON account.id = entry.account_id
      LEFT JOIN public.checkout_suborder AS sub_order ON sub_order.id = entry.sub_order_id
     WHERE entry.sub_order_id IS NOT NULL
     GROUP BY entry.sub_order_id
), due AS (
    SELECT id, number,
           CASE WHEN status IN ('new', 'packed', 'shipped', 'delivered')
                THEN total_minor - refunded_minor + platform_discount_minor - reversed_platform_discount_minor
                     - commission_minor + reversed_commission_minor
                     - commission_tax_minor + reversed_commission_tax_minor ELSE 0 END AS payable,
           CASE WHEN status IN ('new', 'packed', 'shipped', 'delivered')
                THEN commission_minor - reversed_commission_minor ELSE 0 END AS commission,
           CASE WHEN status IN ('new', 'packed', 'shipped', 'delivered')
                THEN commission_tax_minor - reversed_commission_tax_minor ELSE 0 END AS tax,
           CASE WHEN status IN ('new', 'packed', 'shipped', 'delivered')
                THEN platform_discount_minor - reversed_platform_discount_minor ELSE 0 END AS promotion
      FROM public.checkout_suborder
)
SELECT 'sub-order ' || coalesce(due.number, booked.sub_order_id::text),
       coalesce(due.payable, 0) || ' to the shop, ' || coalesce(due.commission, 0) || ' commission'
           || CASE WHEN coalesce(due.tax, 0) = 0 THEN '' ELSE ', ' || due.tax || ' tax on it' END
           || CASE WHEN coalesce(due.promotion, 0) = 0 THEN '' ELSE ', ' || due.promotion || ' by the platform' END,
       coalesce(booked.payable, 0) || ' to the shop, ' || coalesce(booked.commission, 0) || ' commission'
           || CASE WHEN coalesce(booked.tax, 0) = 0 THEN '' ELSE ', ' || booked.tax || ' tax on it' END
           || CASE WHEN coalesce(booked.promotion, 0) = 0 THEN ''
                   ELSE ', ' || booked.promotion || ' by the platform' END
  FROM due
  FULL JOIN booked ON booked.sub_order_id = due.id
 WHERE coalesce(due.payable, 0) <> coalesce(booked.payable, 0)
    OR coalesce(due.commission, 0) <> coalesce(booked.commission, 0)
    OR coalesce(due.tax, 0) <> coalesce(booked.tax, 0)
    OR coalesce(due.promotion, 0) <> coalesce(booked.promotion, 0)
    OR due.id IS NULL
 ORDER BY 1
