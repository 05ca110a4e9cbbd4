-- Lock all balances of the shops %(shop_ids)s in one %(currency)s, in account-id order.
-- Returns the shop, the code of the account and the amount owed to the shop.
SELECT account.shop_id, account.code, balance.amount_minor
  FROM public.payouts_balance AS balance
  JOIN public.payouts_account AS account ON account.id = balance.account_id
 WHERE account.shop_id = ANY(%(shop_ids)s) AND account.currency = %(currency)s
 ORDER BY balance.account_id
   FOR UPDATE OF balance
