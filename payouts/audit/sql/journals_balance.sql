-- Journals that do not sum to zero in each currency, or have fewer than two entries.
-- Returns subject, expected and found.
SELECT 'journal ' || journal.id || ' (' || journal.kind || ' ' || journal.source || ')',
       'a sum of 0 over two entries or more',
       coalesce(string_agg(sums.total || ' ' || sums.currency, ', '), 'nothing')
           || ' over ' || coalesce(sum(sums.entries), 0) || ' entries'
  FROM public.payouts_journal AS journal
  LEFT JOIN (SELECT journal_id, currency, sum(amount_minor) AS total, count(*) AS entries
               FROM public.payouts_entry
              GROUP BY journal_id, currency) AS sums
    ON sums.journal_id = journal.id
 GROUP BY journal.id
HAVING bool_or(sums.total <> 0) OR coalesce(sum(sums.entries), 0) < 2
 ORDER BY journal.id
