-- What the ledger says is held at the provider, by currency.
SELECT entry.currency, sum(entry.amount_minor)::bigint
  FROM public.payouts_entry AS entry
  JOIN public.payouts_account AS account ON account.id = entry.account_id
 WHERE account.kind = 'paystack_clearing'
 GROUP BY entry.currency
