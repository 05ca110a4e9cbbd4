-- The journals of some movements: source, currency, the change of the balance at a provider, the fees, and the time.
-- %(clearing)s is the code of its account, %(kinds)s and %(sources)s are those of the journals.
SELECT journal.source, entry.currency,
       coalesce(sum(entry.amount_minor) FILTER (WHERE account.code = %(clearing)s), 0)::bigint,
       coalesce(sum(entry.amount_minor) FILTER (WHERE account.code = 'psp_fees'), 0)::bigint,
       min(journal.occurred_at)
  FROM public.payouts_journal AS journal
  JOIN public.payouts_entry AS entry ON entry.journal_id = journal.id
  JOIN public.payouts_account AS account ON account.id = entry.account_id
 WHERE journal.kind = ANY (%(kinds)s)
   AND journal.source = ANY (%(sources)s)
   AND account.code IN (%(clearing)s, 'psp_fees')
 GROUP BY journal.source, entry.currency
