-- Shops' accounts whose balance row is not the sum of their entries.
-- Returns code, shop, account, the sum, the balance (or that there is none) of %(limit)s at the most, and how many
-- there are in all.
SELECT account.code, account.shop_id, account.id,
       (-coalesce(sums.total, 0))::text,
       coalesce(balance.amount_minor::text, 'no balance row'),
       count(*) OVER ()
  FROM public.payouts_account AS account
  LEFT JOIN public.payouts_balance AS balance ON balance.account_id = account.id
  LEFT JOIN (SELECT account_id, sum(amount_minor) AS total
               FROM public.payouts_entry
              GROUP BY account_id) AS sums
    ON sums.account_id = account.id
 WHERE account.shop_id IS NOT NULL
   AND balance.amount_minor IS DISTINCT FROM -coalesce(sums.total, 0)
 ORDER BY account.id
 LIMIT %(limit)s
