-- Shops whose reserved balance is not what is left of their open reserves; and reserves that the journal of their
-- release has not kept, or that the journal of their end has not released. Returns subject, expected and found.
WITH moved AS (
    SELECT entry.sub_order_id, journal.id AS journal_id, journal.kind, sum(entry.amount_minor) AS minor
      FROM public.payouts_journal AS journal
      JOIN public.payouts_entry AS entry ON entry.journal_id = journal.id
      JOIN public.payouts_account AS account ON account.id = entry.account_id AND account.code = 'shop_reserved'
     WHERE journal.kind IN ('release', 'reserve_end')
     GROUP BY entry.sub_order_id, journal.id
), open AS (
    SELECT shop_id, currency, sum(amount_minor - taken_minor) AS minor
      FROM public.payouts_reserve
     WHERE ended_at IS NULL
     GROUP BY shop_id, currency
), balance AS (
    SELECT account.shop_id, account.currency, balance.amount_minor AS minor
      FROM public.payouts_balance AS balance
      JOIN public.payouts_account AS account ON account.id = balance.account_id AND account.code = 'shop_reserved'
)
SELECT 'reserve of shop ' || coalesce(open.shop_id, balance.shop_id) || ' in '
           || coalesce(open.currency, balance.currency),
       coalesce(open.minor, 0)::text, coalesce(balance.minor, 0)::text
  FROM open
  FULL JOIN balance ON balance.shop_id = open.shop_id AND balance.currency = open.currency
 WHERE coalesce(open.minor, 0) <> coalesce(balance.minor, 0)
 UNION ALL
SELECT 'reserve of ' || schedule.number, reserve.amount_minor || ' kept by its release',
       coalesce(-moved.minor, 0) || ' kept'
  FROM public.payouts_reserve AS reserve
  JOIN public.payouts_releaseschedule AS schedule ON schedule.sub_order_id = reserve.schedule_id
  LEFT JOIN moved ON moved.sub_order_id = reserve.schedule_id AND moved.journal_id = schedule.journal_id
 WHERE reserve.amount_minor <> coalesce(-moved.minor, 0)
 UNION ALL
SELECT 'journal ' || moved.journal_id, 'the reserve that it keeps or ends', 'none names it'
  FROM moved
  LEFT JOIN public.payouts_reserve AS reserve ON reserve.schedule_id = moved.sub_order_id
 WHERE reserve.schedule_id IS NULL
    OR moved.kind = 'reserve_end' AND reserve.journal_id IS DISTINCT FROM moved.journal_id
 UNION ALL
SELECT 'reserve of ' || schedule.number, reserve.amount_minor - reserve.taken_minor || ' released at its end',
       coalesce(moved.minor, 0) || ' released'
  FROM public.payouts_reserve AS reserve
  JOIN public.payouts_releaseschedule AS schedule ON schedule.sub_order_id = reserve.schedule_id
  LEFT JOIN moved ON moved.sub_order_id = reserve.schedule_id AND moved.journal_id = reserve.journal_id
 WHERE reserve.ended_at IS NOT NULL AND reserve.amount_minor - reserve.taken_minor <> coalesce(moved.minor, 0)
 ORDER BY 1
