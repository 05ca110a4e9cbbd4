-- The newest entries of an account at a provider, with kind, source and times of their journals.
-- %(account)s is its id, %(below)s the id that all of them are below, %(limit)s the most that are returned.
SELECT entry.id, journal.kind, journal.source, journal.occurred_at, journal.posted_at
  FROM public.payouts_entry AS entry
  JOIN public.payouts_journal AS journal ON journal.id = entry.journal_id
 WHERE entry.account_id = %(account)s AND entry.id < %(below)s
 ORDER BY entry.id DESC
 LIMIT %(limit)s
