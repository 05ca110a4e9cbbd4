-- Months, in the zone %(zone)s, in which the money of shop %(shop_id)s moved, with the change of each by currency, the
-- oldest first.
SELECT to_char(journal.posted_at AT TIME ZONE %(zone)s, 'YYYY-MM') AS month, account.currency,
       -sum(entry.amount_minor)
  FROM public.payouts_account AS account
  JOIN public.payouts_entry AS entry ON entry.account_id = account.id
  JOIN public.payouts_journal AS journal ON journal.id = entry.journal_id
 WHERE account.shop_id = %(shop_id)s
 GROUP BY month, account.currency
 ORDER BY month, account.currency
