-- Released sub-orders that their journal does not release, or of which something is pending still; and what release
-- journals take of a sub-order whose schedule does not name them. Returns subject, expected and found.
WITH moved AS (
    SELECT entry.sub_order_id, journal.id AS journal_id, journal.source, sum(entry.amount_minor) AS minor
      FROM public.payouts_journal AS journal
      JOIN public.payouts_entry AS entry ON entry.journal_id = journal.id
      JOIN public.payouts_account AS account ON account.id = entry.account_id AND account.code = 'shop_pending'
     WHERE journal.kind = 'release'
     GROUP BY entry.sub_order_id, journal.id
), left_over AS (
    SELECT schedule.sub_order_id, -sum(entry.amount_minor) AS minor
      FROM public.payouts_releaseschedule AS schedule
      JOIN public.payouts_entry AS entry ON entry.sub_order_id = schedule.sub_order_id
      JOIN public.payouts_account AS account ON account.id = entry.account_id AND account.code = 'shop_pending'
     WHERE schedule.released_at IS NOT NULL
     GROUP BY schedule.sub_order_id
    HAVING sum(entry.amount_minor) <> 0
)
SELECT 'release of ' || schedule.number, 'moved by journal ' || schedule.journal_id, 'not moved by it'
  FROM public.payouts_releaseschedule AS schedule
  LEFT JOIN moved ON moved.sub_order_id = schedule.sub_order_id AND moved.journal_id = schedule.journal_id
 WHERE schedule.journal_id IS NOT NULL AND coalesce(moved.minor, 0) <= 0
 UNION ALL
SELECT 'journal ' || moved.journal_id || ' (release ' || moved.source || ')',
       'the schedule of sub-order ' || coalesce(moved.sub_order_id::text, '?') || ' names it',
       coalesce('it names ' || coalesce(schedule.journal_id::text, 'none'), 'no schedule')
  FROM moved
  LEFT JOIN public.payouts_releaseschedule AS schedule ON schedule.sub_order_id = moved.sub_order_id
 WHERE schedule.journal_id IS DISTINCT FROM moved.journal_id
 UNION ALL
SELECT 'release of ' || schedule.number, 'nothing pending', left_over.minor || ' pending'
  FROM left_over
  JOIN public.payouts_releaseschedule AS schedule USING (sub_order_id)
 ORDER BY 1
