-- Entries in another currency than their account's.
-- Returns subject, expected and found.
SELECT 'entry ' || entry.id || ' of journal ' || entry.journal_id, account.currency, entry.currency
  FROM public.payouts_entry AS entry
  JOIN public.payouts_account AS account ON account.id = entry.account_id
 WHERE entry.currency <> account.currency
 ORDER BY entry.id
