-- Refunds that lost disputes have paid whose journals are others, journals of none, and disputes that have paid more
-- than they have taken. Returns subject, expected and found.
WITH booked AS (
    SELECT split_part(journal.source, '.', 1) AS source,
           coalesce(sum(entry.amount_minor) FILTER (WHERE account.code = 'refunds_payable'), 0) AS owed_less,
           -coalesce(sum(entry.amount_minor) FILTER (WHERE account.code = 'dispute_losses'), 0) AS lost_less
      FROM public.payouts_journal AS journal
      JOIN public.payouts_entry AS entry ON entry.journal_id = journal.id
      JOIN public.payouts_account AS account ON account.id = entry.account_id
     WHERE journal.kind = 'set_off'
     GROUP BY 1
), due AS (
    SELECT id::text AS source, CASE WHEN undone_at IS NULL THEN amount_minor ELSE 0 END AS amount
      FROM public.payouts_disputesetoff
)
SELECT 'set-off ' || coalesce(due.source, booked.source), coalesce(due.amount::text, 'none'),
       CASE WHEN booked.source IS NULL THEN 'not booked'
            ELSE booked.owed_less || ' owed less, ' || booked.lost_less || ' lost less' END
  FROM due
  FULL JOIN booked ON booked.source = due.source
 WHERE due.amount IS NULL
    OR due.amount IS DISTINCT FROM booked.owed_less
    OR due.amount IS DISTINCT FROM booked.lost_less
 UNION ALL
SELECT 'dispute ' || dispute.id, 'refunds of at most ' || coalesce(dispute.lost_minor, 0),
       sum(setoff.amount_minor)::text
  FROM public.payouts_disputesetoff AS setoff
  JOIN public.payouts_dispute AS dispute ON dispute.id = setoff.dispute_id
 WHERE setoff.undone_at IS NULL
 GROUP BY dispute.id
HAVING sum(setoff.amount_minor) > coalesce(dispute.lost_minor, 0)
 ORDER BY 1
