-- Disputes whose money in the reserve is not what their parts hold while they are undecided, and nothing once they are
-- decided; disputes that are not the sum of their parts, whose loss is not what left the provider's account; and money
-- in the reserve of no dispute.
-- Returns subject, expected and found.
WITH booked AS (
    SELECT split_part(journal.source, '.', 1) AS source,
           -coalesce(sum(entry.amount_minor) FILTER (WHERE account.code = 'dispute_reserve'), 0) AS held,
           -coalesce(sum(entry.amount_minor) FILTER (WHERE starts_with(account.code, 'clearing:')), 0) AS lost
      FROM public.payouts_journal AS journal
      JOIN public.payouts_entry AS entry ON entry.journal_id = journal.id
      JOIN public.payouts_account AS account ON account.id = entry.account_id
     WHERE journal.kind IN ('dispute', 'dispute_end')
     GROUP BY 1
), part AS (
    SELECT dispute_id, sum(amount_minor) AS amount, sum(payable_minor) AS payable
      FROM public.payouts_disputepart
     GROUP BY dispute_id
), due AS (
    SELECT dispute.id, dispute.amount_minor AS amount, coalesce(part.amount, 0) AS of_parts,
           CASE WHEN dispute.lost_minor IS NULL THEN coalesce(part.payable, 0) ELSE 0 END AS held,
           coalesce(dispute.lost_minor, 0) AS lost
      FROM public.payouts_dispute AS dispute
      LEFT JOIN part ON part.dispute_id = dispute.id
)
SELECT 'dispute ' || coalesce(due.id::text, booked.source),
       coalesce(due.amount, 0) || ' disputed, ' || coalesce(due.held, 0) || ' held, ' || coalesce(due.lost, 0)
           || ' lost',
       coalesce(due.of_parts, 0) || ' disputed, ' || coalesce(booked.held, 0) || ' held, '
           || coalesce(booked.lost, 0) || ' lost'
  FROM due
  FULL JOIN booked ON booked.source = due.id::text
 WHERE due.id IS NULL
    OR due.amount <> due.of_parts
    OR due.held <> coalesce(booked.held, 0)
    OR due.lost <> coalesce(booked.lost, 0)
 UNION ALL
SELECT 'dispute reserve', 'entries of disputes alone', sum(entry.amount_minor) || ' of others'
  FROM public.payouts_entry AS entry
  JOIN public.payouts_account AS account ON account.id = entry.account_id AND account.code = 'dispute_reserve'
  JOIN public.payouts_journal AS journal ON journal.id = entry.journal_id
 WHERE journal.kind NOT IN ('dispute', 'dispute_end')
HAVING count(*) > 0
 ORDER BY 1
