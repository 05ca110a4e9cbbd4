-- Payouts on request whose cost is not booked as they say, of their own shop, and costs without such a payout.
-- Returns subject, expected and found: the cost that the shop has borne, in minor units.
WITH booked AS (
    SELECT split_part(journal.source, '.', 1) AS payout, min(account.shop_id) AS shop_id,
           sum(entry.amount_minor) AS minor
      FROM public.payouts_journal AS journal
      JOIN public.payouts_entry AS entry ON entry.journal_id = journal.id
      JOIN public.payouts_account AS account ON account.id = entry.account_id AND account.shop_id IS NOT NULL
     WHERE journal.kind = 'payout_cost'
     GROUP BY split_part(journal.source, '.', 1)
), due AS (
    SELECT id::text AS payout, shop_id, CASE WHEN is_cost_back THEN 0 ELSE cost_minor END AS minor
      FROM public.payouts_payout
     WHERE cost_minor > 0
)
SELECT 'payout ' || coalesce(due.payout, booked.payout),
       coalesce(due.minor || ' of shop ' || due.shop_id, 'no cost'),
       coalesce(booked.minor || ' of shop ' || booked.shop_id, 'no journal')
  FROM due
  FULL JOIN booked ON booked.payout = due.payout
 WHERE (due.minor, due.shop_id) IS DISTINCT FROM (booked.minor, booked.shop_id)
 ORDER BY 1
