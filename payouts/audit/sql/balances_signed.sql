-- Balances of shops below zero, but for what they owe; and debts above it. Returns subject, expected and found.
SELECT account.code || ' of shop ' || account.shop_id,
       CASE account.code WHEN 'shop_receivable' THEN 'zero or less' ELSE 'zero or more' END, balance.amount_minor::text
  FROM public.payouts_balance AS balance
  JOIN public.payouts_account AS account ON account.id = balance.account_id
 WHERE CASE account.code WHEN 'shop_receivable' THEN balance.amount_minor > 0 ELSE balance.amount_minor < 0 END
 ORDER BY 1
