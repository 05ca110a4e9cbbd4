-- Transfers whose journals are not what their place says, and journals of payouts without a transfer, both ways.
-- Returns subject, expected and found: what is set aside and what has left the provider, in minor units.
WITH booked AS (
    SELECT split_part(journal.source, '.', 1) AS reference,
           coalesce(sum(entry.amount_minor) FILTER (WHERE account.code = 'shop_in_transit'), 0) AS set_aside,
           coalesce(sum(entry.amount_minor) FILTER (WHERE starts_with(account.code, 'clearing:')
                                                       OR account.code = 'paid_outside'), 0) AS gone,
           count(DISTINCT journal.id) AS journals,
           count(DISTINCT account.shop_id) AS shops, min(account.shop_id) AS shop_id
      FROM public.payouts_journal AS journal
      JOIN public.payouts_entry AS entry ON entry.journal_id = journal.id
      JOIN public.payouts_account AS account ON account.id = entry.account_id
     WHERE journal.kind IN ('payout', 'payout_sent', 'payout_back')
     GROUP BY split_part(journal.source, '.', 1)
), due AS (
    SELECT transfer.reference, transfer.moves, payout.shop_id,
           CASE transfer.place WHEN 'set_aside' THEN -transfer.amount_minor ELSE 0 END AS set_aside,
           CASE WHEN transfer.place IN ('gone', 'late')
                THEN -transfer.amount_minor - transfer.fees_minor ELSE 0 END AS gone
      FROM public.payouts_transfer AS transfer
      JOIN public.payouts_payout AS payout ON payout.id = transfer.payout_id
)
SELECT 'transfer ' || coalesce(due.reference, booked.reference),
       coalesce(due.set_aside || ' set aside, ' || due.gone || ' gone, ' || due.moves || ' journals of shop '
           || due.shop_id, 'no journal'),
       coalesce(booked.set_aside || ' set aside, ' || booked.gone || ' gone, ' || booked.journals
           || ' journals of shop ' || booked.shop_id, 'no journal')
  FROM due
  FULL JOIN booked ON booked.reference = due.reference
 WHERE (due.set_aside, due.gone, due.moves, due.shop_id, 1)
       IS DISTINCT FROM (booked.set_aside, booked.gone, booked.journals, booked.shop_id, booked.shops)
 ORDER BY 1
