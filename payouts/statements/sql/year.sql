-- The end of `movements`: the sums of all lines by cause for each month of the zone %(zone)s, the earliest first.
SELECT to_char(journal.posted_at AT TIME ZONE %(zone)s, 'YYYY-MM') AS month,
       sum(line.sale), sum(line.commission), sum(line.refund), sum(line.fee), sum(line.adjustment), sum(line.payout),
       sum(line.commission_tax)
  FROM line
  JOIN public.payouts_journal AS journal ON journal.id = line.journal_id
 GROUP BY month
 ORDER BY month
