-- What the ledger says is held at each payment provider, by currency: provider, currency and amount.
SELECT substr(account.code, length('clearing:') + 1), entry.currency, sum(entry.amount_minor)::bigint
  FROM public.payouts_entry AS entry
  JOIN public.payouts_account AS account ON account.id = entry.account_id
 WHERE starts_with(account.code, 'clearing:')
 GROUP BY account.code, entry.currency
