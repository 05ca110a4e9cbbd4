-- Processed refunds without a refund journal of the same amount, less what was set off of them, and refund journals
-- without a processed refund.
-- Returns subject, expected and found.
WITH booked AS (
    SELECT journal.source, sum(entry.amount_minor) AS amount
      FROM public.payouts_journal AS journal
      JOIN public.payouts_entry AS entry ON entry.journal_id = journal.id
      JOIN public.payouts_account AS account ON account.id = entry.account_id
     WHERE journal.kind = 'refund' AND account.code = 'refunds_payable'
     GROUP BY journal.source
), processed AS (
    SELECT id::text AS source, amount_minor - set_off_minor AS amount
      FROM public.checkout_refund
     WHERE status = 'processed'
)
SELECT 'refund ' || coalesce(processed.source, booked.source),
       coalesce(processed.amount::text, 'no processed refund'),
       coalesce(booked.amount::text, 'no refund journal')
  FROM processed
  FULL JOIN booked ON booked.source = processed.source
 WHERE processed.amount IS DISTINCT FROM booked.amount
 ORDER BY 1
